import { Agent, type Dispatcher } from 'undici';
import type { ResolvedAddress } from './resolve-host.ts';

/** Connects to the given addresses whatever the name says by then; certificates are still checked against the name. */
export function connectOnlyTo(addresses: readonly ResolvedAddress[]): Dispatcher {
  const [first] = addresses;
  return new Agent({
    connections: 1,
    pipelining: 0,
    maxHeaderSize: 32_768,
    connect: {
      lookup: (_hostname, options, answer) => {
        if (options.all === true) answer(null, [...addresses]);
        else answer(null, first?.address ?? '', first?.family);
      },
    },
  });
}
