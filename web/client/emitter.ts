// Who wants to hear of what, by the names of the events.

export class Emitter<Events> {
  private readonly listeners = new Map<keyof Events, Set<(data: never) => void>>();

  /** Calls listener for every such event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (data: Events[Name]) => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  tell<Name extends keyof Events>(name: Name, data: Events[Name]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(data as never);
  }
}
