export type Listener = (...values: any[]) => unknown

interface Entry {
  readonly listener: Listener
  /** How many more calls; infinite unless said otherwise. */
  remaining: number
}

/** As much of EventEmitter2 as json-rules-engine's users are shown. */
export class Emitter {
  readonly #entries = new Map<unknown, Entry[]>()
  readonly #any: Listener[] = []

  on(event: unknown, listener: Listener): this {
    return this.many(event, Number.POSITIVE_INFINITY, listener)
  }

  addListener(event: unknown, listener: Listener): this {
    return this.on(event, listener)
  }

  once(event: unknown, listener: Listener): this {
    return this.many(event, 1, listener)
  }

  many(event: unknown, times: number, listener: Listener): this {
    if (typeof listener !== 'function') throw new TypeError('A listener must be a function.')
    this.#entries.set(event, [...(this.#entries.get(event) ?? []), { listener, remaining: times }])
    return this
  }

  onAny(listener: Listener): this {
    this.#any.push(listener)
    return this
  }

  off(event: unknown, listener: Listener): this {
    const entries = this.#entries.get(event) ?? []
    const index = entries.findLastIndex(entry => entry.listener === listener)
    if (index >= 0) this.#keep(event, entries.toSpliced(index, 1))
    return this
  }

  removeListener(event: unknown, listener: Listener): this {
    return this.off(event, listener)
  }

  offAny(listener?: Listener): this {
    if (listener === undefined) this.#any.length = 0
    else if (this.#any.includes(listener)) this.#any.splice(this.#any.indexOf(listener), 1)
    return this
  }

  removeAllListeners(event?: unknown): this {
    if (event === undefined) {
      this.#entries.clear()
      this.#any.length = 0
    } else this.#entries.delete(event)
    return this
  }

  listeners(event: unknown): Listener[] {
    return (this.#entries.get(event) ?? []).map(entry => entry.listener)
  }

  listenerCount(event: unknown): number {
    return this.#entries.get(event)?.length ?? 0
  }

  eventNames(): unknown[] {
    return [...this.#entries.keys()]
  }

  emit(event: unknown, ...values: unknown[]): boolean {
    const listeners = this.#take(event)
    for (const listener of this.#any.slice()) listener.call(this, event, ...values)
    for (const listener of listeners) listener.apply(this, values)
    return listeners.length > 0
  }

  /** Calls all listeners and waits for what they return. */
  emitAsync(event: unknown, ...values: unknown[]): Promise<unknown[]> {
    try {
      const any = this.#any.map(listener => listener.call(this, event, ...values))
      const listeners = this.#take(event)
      return Promise.all([...any, ...listeners.map(listener => listener.apply(this, values))])
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Nobody listens to anything: the common case, in which a run need not stop for listeners. */
  get isSilent(): boolean {
    return this.#entries.size === 0 && this.#any.length === 0
  }

  #take(event: unknown): Listener[] {
    const entries = this.#entries.get(event)
    if (!entries) return []
    let isSpent = false
    for (const entry of entries) {
      entry.remaining--
      if (entry.remaining <= 0) isSpent = true
    }
    if (isSpent)
      this.#keep(
        event,
        entries.filter(entry => entry.remaining > 0),
      )
    return entries.map(entry => entry.listener)
  }

  #keep(event: unknown, entries: Entry[]): void {
    if (entries.length > 0) this.#entries.set(event, entries)
    else this.#entries.delete(event)
  }
}
