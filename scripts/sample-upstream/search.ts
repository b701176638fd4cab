import type { SampleBackend } from './backend.ts'

const products = [
  { id: 'p-1', title: 'Gardening for the patient', category: 'books', price: 24.5 },
  { id: 'p-2', title: 'Garden spade, forged', category: 'garden', price: 39.9 },
  { id: 'p-3', title: 'The garden of forking paths', category: 'games', price: 31 },
  { id: 'p-4', title: 'Claw hammer', category: 'tools', price: 18.75 },
  { id: 'p-5', title: 'Watering can, 10 litres', category: 'garden', price: 27.2 },
]

/** A product search that trusts whoever reaches it; it also has an operation nobody outside should ever call. */
export const search: SampleBackend = ({ method, url }) => {
  if (url.pathname === '/admin/reindex') return { status: 200, body: 'reindexing, this will hurt' }
  if (method !== 'GET' || url.pathname !== '/search') return undefined
  const query = url.searchParams.get('q') ?? ''
  const category = url.searchParams.get('category')
  const maxPrice = Number(url.searchParams.get('maxPrice') ?? Number.POSITIVE_INFINITY)
  const found = products.filter(
    (product) =>
      product.title.toLowerCase().includes(query.toLowerCase()) &&
      (category === null || product.category === category) &&
      product.price <= maxPrice,
  )
  const items = found.slice(0, Number(url.searchParams.get('limit') ?? 10))
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', 'X-Powered-By': 'a shoebox' },
    body: JSON.stringify({ query, total: found.length, items }),
  }
}
