import { defineSocketEndpoint } from '../../src/interface/http/socket-endpoint.ts';
import { sessionParams } from '../../src/interface/http/request/path-params.ts';
import type { SocketConnection } from '../../src/interface/socket/socket-connection.ts';
import type { SocketLimits } from '../../src/interface/socket/socket-limits.ts';

/** An endpoint of the tests, and what it saw. */
export class Echo {
  readonly connections: SocketConnection[] = [];
  readonly seen: unknown[] = [];
  closedCount = 0;
  skipped = 0;
  /** Set: messages are handled as slowly as this. */
  gate: Promise<void> | undefined;

  endpoint(limits: Partial<SocketLimits> = {}) {
    return defineSocketEndpoint({
      path: '/v1/sessions/{id}/echo',
      summary: 'Say the same again.',
      group: 'Tests',
      scope: 'sessions:write',
      params: sessionParams,
      limits,
      admit: async ({ door, identity, params }) => {
        await door.application.sessions.get(identity, params.id);
        return (connection) => this.#serve(connection);
      },
    });
  }

  #serve(connection: SocketConnection) {
    this.connections.push(connection);
    connection.send({ type: 'hello' });
    return {
      message: async (message: { [key: string]: unknown }) => {
        this.seen.push(message);
        await this.gate;
        if (message['type'] === 'break') throw new TypeError('a secret of the inside');
        if (message['type'] === 'flood') this.#flood(connection, message['canSkip'] === true);
        connection.send({ type: 'echo' });
      },
      bytes: (piece: Buffer) => {
        this.seen.push(piece.byteLength);
        connection.sendBytes(piece);
      },
      closed: () => (this.closedCount += 1),
    };
  }

  #flood(connection: SocketConnection, canSkip: boolean): void {
    const piece = Buffer.alloc(100_000);
    for (let count = 0; count < 100 && connection.isOpen; count += 1)
      if (!connection.sendBytes(piece, { canSkip })) this.skipped += 1;
  }
}
