// What a browser keeps of a visitor's conversation, so that later pages go on with it.
//
// A visitor without a name from the site, or with an unproven one, is known again by what stands in localStorage. A
// visitor whom the site has signed in is proved by the site on every page: their token is only in the tab's session
// storage, where no one without the signature is given it, and it goes when the site signs them out.
import { browserStore, newMessageId, type Store } from '../../client';
import type { Identity } from '../contract';
import { signedKey, storageKey, visitorKey } from '../contract';
import { draftKey } from './draft';

export interface Kept {
  clientId: string;
  token?: string | undefined;
  closed?: boolean | undefined;
  /** The server has not heard of it yet. */
  unborn?: boolean | undefined;
}

type Signed = Pick<Kept, 'clientId' | 'token'>;

/** The stores of a site in this browser and in this tab. */
export class Memory {
  readonly all: Store;
  readonly tab: Store;

  constructor(private readonly site: string) {
    this.all = browserStore(storageKey(site, ''));
    this.tab = browserStore(storageKey(site, ''), () => sessionStorage);
  }

  /** What is known of the visitor and their conversation. */
  of(identity: Identity): Keeper {
    return new Keeper(this, identity, `${this.site ? `${this.site}-` : ''}${newMessageId()}`);
  }

  get signed(): Signed | undefined {
    const signed = this.tab.get<Signed>(signedKey);
    return typeof signed?.clientId === 'string' ? signed : undefined;
  }

  /** Forgets the visitor who was signed in here, with all that they have not sent. */
  forget({ clientId }: Signed): void {
    this.all.set(visitorKey({ clientId }), undefined);
    this.tab.set(draftKey({ clientId }), undefined);
    this.tab.set(signedKey, undefined);
    const shared = browserStore('livechat:');
    const prefix = `outbox:${clientId}:`;
    for (const key of shared.keys(prefix)) {
      if (key.indexOf(':', prefix.length) < 0) shared.set(key, undefined); // those of "a:b" are not "a"'s
    }
  }
}

/** Of one conversation. What is known stays known, also when the page clears its storage. */
export class Keeper {
  readonly key: string;
  readonly signed: boolean;
  readonly clientId: string;
  private known: Kept;
  private ended = false;

  constructor(
    private readonly memory: Memory,
    identity: Identity,
    newId: string,
  ) {
    this.key = visitorKey(identity);
    this.signed = isSigned(identity);
    const kept = this.stored();
    this.clientId = identity.clientId ?? kept?.clientId ?? newId;
    this.known = kept ?? { clientId: this.clientId, unborn: true };
  }

  /** What is in the storage now: another tab may have put it there. */
  stored(): Kept | undefined {
    const { all, signed } = this.memory;
    const kept = all.get<Kept>(this.key);
    if (typeof kept?.clientId !== 'string') return undefined;
    return this.signed ? { ...kept, token: signed?.clientId === kept.clientId ? signed.token : undefined } : kept;
  }

  /** The same, if it is this conversation's. */
  get own(): Kept | undefined {
    const kept = this.stored();
    return kept?.clientId === this.clientId ? kept : undefined;
  }

  get unborn(): boolean {
    return this.known.unborn !== false;
  }

  keep(changes: Partial<Kept>): void {
    if (this.ended) return;
    const stored = this.stored();
    if (stored && stored.clientId !== this.clientId) return; // another tab has begun another one
    // A token that the storage has lost is still known here.
    const token = changes.token ?? stored?.token ?? this.known.token;
    this.known = { ...this.known, ...stored, ...changes, clientId: this.clientId, token };
    const { all, tab } = this.memory;
    if (this.signed) {
      all.set(this.key, { ...this.known, token: undefined });
      tab.set(signedKey, { clientId: this.clientId, token: this.known.token });
    } else all.set(this.key, this.known);
  }

  /** Nothing is kept of it any more, whatever is still heard of it. */
  end(): void {
    this.ended = true;
  }

  /** Another conversation takes its place. */
  giveUp(): void {
    this.end();
    this.memory.all.set(this.key, undefined);
    if (this.signed) this.memory.tab.set(signedKey, undefined);
  }
}

export function isSigned({ clientId, signature }: Identity): boolean {
  return clientId !== undefined && signature !== undefined;
}
