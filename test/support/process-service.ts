import { operation } from '../../runtime/core/operation.ts'
import { readSettings } from '../../runtime/core/settings.ts'
import { router } from '../../runtime/server/router.ts'
import { serve } from '../../runtime/server/serve.ts'
import { upstream } from '../../runtime/upstream/upstream.ts'

// A small service as a process of its own, for tests of how a service starts and ends.
const settings = readSettings({
  UPSTREAM_DEFAULT_URL: { env: 'UPSTREAM_DEFAULT_URL', about: 'the address of the upstream "default"' },
  TOKEN: { env: 'TOKEN', default: '' },
  HOST: { env: 'HOST', default: '127.0.0.1' },
  PORT: { env: 'PORT', default: '0' },
  ADMIN_PORT: { env: 'ADMIN_PORT', default: '0' },
  DRAIN: { env: 'DRAIN', default: '15000' },
  WORKERS: { env: 'WORKERS', default: '1' },
})
const { values } = settings
const target = upstream({ name: 'default', override: values.UPSTREAM_DEFAULT_URL, targets: {} })
const get = operation({ id: 'get', method: 'GET', path: '/x', upstream: target, policies: [] })
const broken = {
  name: 'keys file',
  start() {
    if (values.TOKEN === 'broken') throw new Error('line 3 cannot be read')
  },
}

void serve({
  name: 'test',
  settings,
  resources: [target, broken],
  routes: router({ '/x': { GET: get } }),
  listen: { host: values.HOST, port: values.PORT },
  admin: { port: values.ADMIN_PORT },
  workers: values.WORKERS,
  shutdown: { drain: Number(values.DRAIN) },
  log: { access: 'off' },
})
