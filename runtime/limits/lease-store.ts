/** Where several processes count together who is under way. */
export interface LeaseStore {
  /**
   * A place, or undefined where all are taken. It is held until it is released, and comes back by itself soon after the
   * process that holds it has died.
   * @param key tells limit and caller from all others of the service
   * @throws StoreError
   */
  acquire(key: string, max: number): Promise<Lease | undefined>
}

export interface Lease {
  release(): void
}
