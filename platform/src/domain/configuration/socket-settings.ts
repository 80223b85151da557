import { integer } from './setting.ts';

/** WebSockets: what each may use up. An endpoint may allow less. */
export const socketSettings = {
  maxOpen: integer({
    variable: 'BATUTA_SOCKET_MAX_OPEN',
    about: 'WebSockets open at one time in this process.',
    default: 1000,
    min: 1,
    max: 100_000,
  }),
  maxPerCaller: integer({
    variable: 'BATUTA_SOCKET_MAX_PER_CALLER',
    about: "WebSockets that one user, or one key that is nobody's, has open at one time in this process.",
    default: 20,
    min: 1,
    max: 10_000,
  }),
  maxMessageBytes: integer({
    variable: 'BATUTA_SOCKET_MAX_MESSAGE_BYTES',
    about: 'Largest message of a client.',
    default: 1_000_000,
    min: 1024,
    max: 100_000_000,
  }),
  messagesPerSecond: integer({
    variable: 'BATUTA_SOCKET_MESSAGES_PER_SECOND',
    about: 'Messages of a client that are taken in a second; further ones wait at the client.',
    default: 200,
    min: 1,
    max: 100_000,
  }),
  bytesPerSecond: integer({
    variable: 'BATUTA_SOCKET_BYTES_PER_SECOND',
    about: 'Bytes of messages of a client that are taken in a second; further ones wait at the client.',
    default: 1_000_000,
    min: 1024,
    max: 1_000_000_000,
  }),
  maxPendingBytes: integer({
    variable: 'BATUTA_SOCKET_MAX_PENDING_BYTES',
    about: 'Bytes that wait for a client that reads slowly before it is cut off or misses something.',
    default: 4_000_000,
    min: 65_536,
    max: 1_000_000_000,
  }),
  pingSeconds: integer({
    variable: 'BATUTA_SOCKET_PING_SECONDS',
    about:
      'How often a client is asked for a sign of life; one that gives none until the next time is cut off.',
    default: 15,
    min: 1,
    max: 600,
  }),
  idleSeconds: integer({
    variable: 'BATUTA_SOCKET_IDLE_SECONDS',
    about: 'How long a WebSocket stays open while no message goes over it, either way.',
    default: 1800,
    min: 10,
    max: 86_400,
  }),
  totalSeconds: integer({
    variable: 'BATUTA_SOCKET_TOTAL_SECONDS',
    about: 'How long a WebSocket stays open at most.',
    default: 28_800,
    min: 60,
    max: 604_800,
  }),
};
