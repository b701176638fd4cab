/** An order of about 1 KiB: what every upstream of the benchmark answers and every POST carries. */
export const order = {
  id: '3f2b6c1e-8d0a-4c57-9a56-0b1de1f0a001',
  status: 'paid',
  currency: 'EUR',
  total: 1299.9,
  customer: { id: 421_337, name: 'Jordan Example', email: 'jordan@example.com', country: 'DE' },
  lines: Array.from({ length: 7 }, (_, index) => ({
    sku: `SKU-${1000 + index}`,
    title: `A thing worth having, number ${index}`,
    quantity: index + 1,
    price: 19.99 + index,
    taxed: index % 2 === 0,
  })),
  note: 'Ring twice; the bell is old.',
}

export const orderJson = JSON.stringify(order)

const string = (maxLength: number) => ({ type: 'string', maxLength })

/** What {@link order} must be: the same schema for every contestant that validates. */
export const orderSchema = {
  type: 'object',
  required: ['id', 'status', 'currency', 'total', 'customer', 'lines'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: ['open', 'paid', 'sent'] },
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    total: { type: 'number', minimum: 0 },
    customer: {
      type: 'object',
      required: ['id', 'name', 'email'],
      additionalProperties: false,
      properties: {
        id: { type: 'integer', minimum: 1 },
        name: string(100),
        email: { type: 'string', format: 'email' },
        country: { type: 'string', minLength: 2, maxLength: 2 },
      },
    },
    lines: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        required: ['sku', 'quantity', 'price'],
        additionalProperties: false,
        properties: {
          sku: { type: 'string', pattern: '^SKU-[0-9]+$' },
          title: string(200),
          quantity: { type: 'integer', minimum: 1 },
          price: { type: 'number', minimum: 0 },
          taxed: { type: 'boolean' },
        },
      },
    },
    note: string(500),
  },
}

export const querySchema = {
  type: 'object',
  required: ['limit'],
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 100 },
    status: { type: 'string', enum: ['open', 'paid', 'sent'] },
    page: { type: 'integer', minimum: 1 },
    q: string(50),
  },
}

export const key = 'bench-key-0123456789abcdef0123456789'

export const target = '/orders?limit=20&status=paid&page=3&q=garden'
