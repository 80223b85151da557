import {
  exchange,
  type ExchangeAnswer,
  type ExchangeRequest,
  type ExchangeRules,
} from '../../pinned-http/exchange.ts';
import { RequestFault } from './request-fault.ts';

const mostRedirects = 5;

/**
 * Sends a request and follows redirects: of GET and HEAD anywhere, but without credentials to another origin; of what may carry a body, only
 * where the same request is asked for again at the same origin. Other redirects are answers.
 */
export async function exchangeFollowing(
  first: ExchangeRequest,
  rules: ExchangeRules,
  isSafe: boolean,
): Promise<ExchangeAnswer> {
  let request = first;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await exchange(request, rules);
    const next = nextOf(answer, request, isSafe);
    if (!next) return answer;
    request = next;
  }
  throw new RequestFault(
    `there were more than ${mostRedirects} redirects, the last to ${request.url.origin}`,
  );
}

function nextOf(
  { status, headers: { location } }: ExchangeAnswer,
  request: ExchangeRequest,
  isSafe: boolean,
): ExchangeRequest | null {
  const isRedirect = [301, 302, 303, 307, 308].includes(status);
  const url = isRedirect && location !== undefined ? URL.parse(location, request.url) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  const isSame = url.origin === request.url.origin;
  if (!isSafe) return isSame && status >= 307 ? { ...request, url } : null;
  return { ...request, url, headers: isSame ? request.headers : publicHeaders(request.headers) };
}

/** Headers that every server may see. */
function publicHeaders(headers: ExchangeRequest['headers']): ExchangeRequest['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name === 'accept' || name === 'user-agent'),
  );
}
