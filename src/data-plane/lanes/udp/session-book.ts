// The sessions of one UDP entry point in one worker, by client. Addresses of datagrams can be forged, so their number is
// bounded, and a flood of new clients takes the places of other new ones: who has been answered and has spoken again (a forger
// hears no answer) keeps his.

/** What the book knows of a session. */
export type BookedSession = {
  /** The client has spoken again after an answer. */
  isProven: boolean;
  /** Ends it; the book is told by `remove`. */
  end(): void;
};

/** Sessions by the client's address and port. */
export type SessionBook<S extends BookedSession> = {
  readonly size: number;
  find(client: string): S | undefined;
  /** Whether there is room for one more: the oldest unproven session is ended for it if need be. */
  makeRoom(): boolean;
  add(client: string, session: S): void;
  /** The session is proven from now on. */
  prove(client: string, session: S): void;
  remove(client: string): void;
  all(): Iterable<S>;
};

/** An empty book for so many sessions. */
export function createSessionBook<S extends BookedSession>(maxSessions: number): SessionBook<S> {
  const unproven = new Map<string, S>();
  const proven = new Map<string, S>();
  const size = (): number => unproven.size + proven.size;
  return {
    get size() {
      return size();
    },
    find: (client) => proven.get(client) ?? unproven.get(client),
    makeRoom() {
      // Maps keep the order in which keys came.
      const [oldest] = size() < maxSessions ? [] : unproven.values();
      oldest?.end();
      return size() < maxSessions;
    },
    add: (client, session) => void unproven.set(client, session),
    prove(client, session) {
      session.isProven = true;
      unproven.delete(client);
      proven.set(client, session);
    },
    remove(client) {
      unproven.delete(client);
      proven.delete(client);
    },
    *all() {
      yield* unproven.values();
      yield* proven.values();
    },
  };
}
