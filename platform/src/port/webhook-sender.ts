/** One request to a webhook. */
export interface WebhookRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Aborts when the time is over. */
  signal: AbortSignal;
}

/** What the receiver answered: its body is not read. */
export interface WebhookAnswer {
  status: number;
  /** The header `retry-after` as it came. */
  retryAfter: string | null;
}

/** Brings messages to receivers. */
export interface WebhookSender {
  /** Why messages cannot be sent to this address, whatever its host resolves to; undefined when they can. */
  faultOf(url: string): string | undefined;
  /**
   * One POST. Redirects are not followed; the host is resolved, every address of it checked, and the connection made to just these.
   * Errors: `address-forbidden`, `webhook-undelivered`; an abort rejects with the signal's reason.
   */
  send(request: WebhookRequest): Promise<WebhookAnswer>;
}
