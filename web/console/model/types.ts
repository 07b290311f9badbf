// What the server tells agents beside what it tells everybody (docs/openapi.yaml, docs/protocol.md).
import type { Session, Visitor } from '../../client';

/** What is known of a visitor: text that a stranger chose. */
export interface KnownVisitor extends Visitor {
  updatedAt: string;
}

export interface SessionRow extends Session {
  /** When the visitor wrote the first message that no agent has answered; without it no one waits. */
  waitingSince?: string | undefined;
  visitor?: KnownVisitor | undefined;
}

export interface Me {
  kind: 'agent' | 'bot' | 'visitor' | 'open';
  username?: string | undefined;
  role?: 'agent' | 'supervisor' | undefined;
}

export interface Ban {
  id: number | string;
  kind: 'address' | 'client';
  value: string;
  reason?: string | null | undefined;
  createdAt?: string | undefined;
  expiresAt?: string | null | undefined;
}
