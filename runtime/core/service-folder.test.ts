import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { serviceFolder, servicePath } from './service-folder.ts'

it('is the folder above dist, or the one a script stands in', () => {
  expect(serviceFolder('/srv/orders/dist/server.js')).toBe(resolve('/srv/orders'))
  expect(serviceFolder('/srv/orders/service.ts')).toBe(resolve('/srv/orders'))
})

it('is where relative paths start', () => {
  expect(servicePath('../../specs/a.yaml', '/srv/generated/orders')).toBe(resolve('/srv/specs/a.yaml'))
  expect(servicePath('/run/secrets/a.yaml', '/srv/generated/orders')).toBe('/run/secrets/a.yaml')
})
