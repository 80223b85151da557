import { createRequire } from 'node:module';
import type { Robot } from 'robots-parser';
import type { ExchangeAnswer } from '../pinned-http/exchange.ts';

const agent = 'Batuta';
const keptMs = 3_600_000;
const mostSites = 500;
const largest = 500_000;

type Robots = Robot;

/** The package's types say what a bundler would make of it; this is what it exports. */
const robotsParser: (url: string, robots: string) => Robots = createRequire(import.meta.url)('robots-parser');

/** What robots.txt of sites asks for, kept for an hour. */
export class RobotRules {
  readonly #now: () => number;
  readonly #sites = new Map<string, { until: number; rules: Robots }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a site lets programs read an address. One whose rules cannot be had (5xx) lets them read nothing. */
  async allows(url: URL, get: (address: URL) => Promise<ExchangeAnswer>): Promise<boolean> {
    const known = this.#sites.get(url.origin);
    const rules = known && known.until > this.#now() ? known.rules : await this.#load(url.origin, get);
    return rules.isAllowed(url.href, agent) ?? true;
  }

  async #load(origin: string, get: (address: URL) => Promise<ExchangeAnswer>): Promise<Robots> {
    const address = new URL('/robots.txt', origin);
    const { status, body } = await get(address);
    const text =
      status >= 500 ? 'User-agent: *\nDisallow: /' : status === 200 ? body.toString('utf8', 0, largest) : '';
    const rules = robotsParser(address.href, text);
    if (this.#sites.size >= mostSites) this.#sites.clear();
    this.#sites.set(origin, { until: this.#now() + keptMs, rules });
    return rules;
  }
}
