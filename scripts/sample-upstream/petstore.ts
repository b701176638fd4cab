import type { SampleBackend } from './backend.ts'

interface Pet {
  readonly id: number
  readonly name: string
  readonly species: string
  readonly price: number
  readonly status: string
}

/** A pet shop in memory; it checks nothing of what it is sent. */
export function petstore(): SampleBackend {
  const pets = new Map<number, Pet>([
    [1, { id: 1, name: 'Mia', species: 'cat', price: 120, status: 'available' }],
    [2, { id: 2, name: 'Kuno', species: 'tortoise', price: 89.5, status: 'pending' }],
    [3, { id: 3, name: 'Rasmus', species: 'parrot', price: 450, status: 'available' }],
  ])
  return ({ method, url, body }) => {
    const json = { 'Content-Type': 'application/json' }
    if (url.pathname === '/pets' && method === 'GET') {
      const wanted = url.searchParams.get('status')?.split(',')
      const found = [...pets.values()].filter((pet) => wanted === undefined || wanted.includes(pet.status))
      return {
        status: 200,
        headers: { ...json, 'Cache-Control': 'public, max-age=60', ETag: `"shop-${pets.size}"` },
        body: JSON.stringify(found),
      }
    }
    if (url.pathname === '/pets' && method === 'POST') {
      const id = Math.max(0, ...pets.keys()) + 1
      const pet: Pet = { status: 'available', ...(JSON.parse(body) as Omit<Pet, 'id' | 'status'>), id }
      pets.set(id, pet)
      return { status: 201, headers: { ...json, Location: `/pets/${id}` }, body: JSON.stringify(pet) }
    }
    const [, id, rest] = /^\/pets\/(\d+)(\/notes)?$/.exec(url.pathname) ?? []
    const pet = pets.get(Number(id))
    if (pet === undefined) return undefined
    if (rest === '/notes' && method === 'POST') return { status: 202 }
    if (method === 'GET') return { status: 200, headers: json, body: JSON.stringify(pet) }
    if (method === 'DELETE') {
      pets.delete(pet.id)
      return { status: 204 }
    }
    return undefined
  }
}
