/** What one WebSocket may use up. */
export interface SocketLimits {
  maxMessageBytes: number;
  messagesPerSecond: number;
  bytesPerSecond: number;
  /** What may wait for a client that reads slowly. */
  maxPendingBytes: number;
  idleSeconds: number;
  totalSeconds: number;
}

/** What the configuration says of all WebSockets. */
export interface SocketSettings extends SocketLimits {
  maxOpen: number;
  maxPerCaller: number;
  pingSeconds: number;
}

/** The limits of an endpoint: those of the configuration, or less. */
export function narrowLimits(settings: SocketLimits, own: Partial<SocketLimits>): SocketLimits {
  const least = (key: keyof SocketLimits) => Math.min(settings[key], own[key] ?? Infinity);
  return {
    maxMessageBytes: least('maxMessageBytes'),
    messagesPerSecond: least('messagesPerSecond'),
    bytesPerSecond: least('bytesPerSecond'),
    maxPendingBytes: least('maxPendingBytes'),
    idleSeconds: least('idleSeconds'),
    totalSeconds: least('totalSeconds'),
  };
}
