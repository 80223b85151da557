/** What is looked for. */
export interface WebQuery {
  text: string;
  /** Results wanted, 1 to 20. */
  count: number;
  /** Two letters, such as `pt`. */
  language?: string | undefined;
  /** Only results of this age at most. */
  within?: 'day' | 'week' | 'month' | 'year' | undefined;
}

/** One result. */
export interface WebResult {
  url: string;
  title: string;
  snippet: string;
  /** As the engine says it. */
  published?: string | undefined;
}

/** A search engine of the web. */
export interface WebSearch {
  readonly name: string;
  /** Contract: at most `count` results, best first. Errors: `search-failed`. */
  search(query: WebQuery, signal: AbortSignal): Promise<WebResult[]>;
}
