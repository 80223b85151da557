import { BatutaError, type ErrorCode } from '@batuta/contract';
import type { z } from 'zod';
import type { OpenSocket } from '../socket/socket-connection.ts';
import type { SocketLimits } from '../socket/socket-limits.ts';
import { defineEndpoint, type Endpoint, type PathParams } from './endpoint.ts';
import type { CheckedExchange } from './exchange.ts';
import type { NeededScope } from './security/authorise.ts';

interface SocketDefinition<P, Q> {
  path: string;
  summary: string;
  group: string;
  scope: NeededScope;
  params?: PathParams<P>;
  query?: z.ZodType<Q>;
  /** Where this endpoint allows less than the settings `socket.*`. */
  limits?: Partial<SocketLimits>;
  /** Errors before the upgrade, besides those of every endpoint. */
  errors?: readonly ErrorCode[];
  /** Looks up what the request names. What it throws is the answer; nothing is upgraded. Changes nothing: the client may go away. */
  admit: (exchange: CheckedExchange<P, Q, undefined>) => Promise<OpenSocket>;
}

/** Defines a WebSocket of the API. The top of `interface/socket/socket-connection.ts` says how one is written. */
export function defineSocketEndpoint<P = undefined, Q = undefined>(
  definition: SocketDefinition<P, Q>,
): Endpoint {
  const { admit, limits, errors = [], ...rest } = definition;
  const endpoint = defineEndpoint<P, Q>({
    ...rest,
    method: 'GET',
    answers: [
      { status: 101, description: 'The connection, as the guide describes its messages.', mediaType: null },
    ],
    errors: ['upgrade-required', 'sockets-full', 'sockets-too-many', ...errors],
    async handle(exchange) {
      const { door, context, identity } = exchange;
      // First, so that an ordinary request tells a page why its connection was refused: browsers keep that to themselves.
      const open = await admit(exchange);
      const upgrade = context.env?.upgrade;
      if (upgrade === undefined) throw new BatutaError('upgrade-required', { path: context.req.path });
      const seat = door.sockets.take(identity);
      upgrade.admitted = { identity, seat, limits: door.sockets.limits(limits ?? {}), open };
      // Stands for the 101, which no Response can have.
      return new Response(null);
    },
  });
  return { ...endpoint, description: { ...endpoint.description, isSocket: true } };
}
