import type { ChangeUser, CreateUser, Me, PageInput, User, UserPage } from '@batuta/contract';
import type { CallOptions } from './client-options.ts';
import { pageQuery } from './page-query.ts';
import type { Transport } from './transport.ts';

/** Calls about users. */
export class UserCalls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Who the platform takes this client for, and what it may do. */
  me(options: CallOptions = {}): Promise<Me> {
    return this.#transport.send({ path: '/v1/me', isRepeatable: true, ...options });
  }

  /** One page of users, newest first. */
  list(page: PageInput = {}, options: CallOptions = {}): Promise<UserPage> {
    return this.#transport.send({
      path: '/v1/users',
      query: pageQuery(page),
      isRepeatable: true,
      ...options,
    });
  }

  /** A user. */
  get(id: string, options: CallOptions = {}): Promise<User> {
    return this.#transport.send({ path: userPath(id), isRepeatable: true, ...options });
  }

  /** Adds a user. */
  create(user: CreateUser, options: CallOptions = {}): Promise<User> {
    return this.#transport.send({ method: 'POST', path: '/v1/users', body: user, ...options });
  }

  /** Changes, disables or enables a user. */
  change(id: string, change: ChangeUser, options: CallOptions = {}): Promise<User> {
    return this.#transport.send({ method: 'PATCH', path: userPath(id), body: change, ...options });
  }

  /** Deletes a user with their keys, and signs their browsers out. */
  delete(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.send({ method: 'DELETE', path: userPath(id), ...options });
  }
}

function userPath(id: string): string {
  return `/v1/users/${encodeURIComponent(id)}`;
}
