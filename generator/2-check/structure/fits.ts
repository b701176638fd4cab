import { isObject } from '../../model/json.ts'
import type { Shape } from './shape.ts'

/** Whether a value is of the shape, its members not looked at. */
export function fits(shape: Shape, value: unknown): boolean {
  switch (shape.is) {
    case 'any':
      return true
    case 'text':
      return typeof value === 'string' && (shape.one === undefined || shape.one.includes(value))
    case 'flag':
      return typeof value === 'boolean'
    case 'number':
      return isNumber(value) && fitsNumber(shape, Number(value))
    case 'list':
      return Array.isArray(value)
    case 'map':
    case 'object':
      return isObject(value)
    case 'either':
      return shape.of.some((alternative) => fits(alternative, value))
  }
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function fitsNumber(shape: Shape & { is: 'number' }, value: number): boolean {
  if (shape.whole === true && !Number.isInteger(value)) return false
  return shape.from === undefined || (shape.above === true ? value > shape.from : value >= shape.from)
}

/** A shape in words: `a string`, `an object`, `true or false`. */
export function inWords(shape: Shape): string {
  switch (shape.is) {
    case 'any':
      return 'any value'
    case 'text':
      return shape.one === undefined ? 'a string' : `one of ${shape.one.join(', ')}`
    case 'flag':
      return 'true or false'
    case 'number':
      if (shape.from === undefined) return shape.whole === true ? 'an integer' : 'a number'
      return `${shape.whole === true ? 'an integer' : 'a number'} ${shape.above === true ? 'above' : 'of at least'} ${shape.from}`
    case 'list':
      return 'a list'
    case 'map':
    case 'object':
      return 'an object'
    case 'either':
      return [...new Set(shape.of.map(inWords))].join(', or ')
  }
}

/** A value's type in words, never the value: `a string`, `nothing`. */
export function typeInWords(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'a string' : 'a number'
}
