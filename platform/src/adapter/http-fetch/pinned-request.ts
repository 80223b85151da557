import { request, type Dispatcher } from 'undici';
import { acceptedEncodings } from '../pinned-http/read-body.ts';

/** What came back from one address. */
export interface Response {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  body: Dispatcher.ResponseData['body'];
}

/** One address to be asked. */
export interface Hop {
  url: URL;
  signal: AbortSignal;
}

/** Asks one address, without following redirects. */
export async function get({ url, signal }: Hop, dispatcher: Dispatcher): Promise<Response> {
  const target = new URL(url);
  target.hash = '';
  const { statusCode, headers, body } = await request(target, {
    dispatcher,
    signal,
    headers: {
      accept:
        'text/html, application/xhtml+xml, application/json, text/*;q=0.9, application/xml;q=0.9, */*;q=0.1',
      'accept-encoding': acceptedEncodings,
      'user-agent': 'Batuta/0.1 (http_fetch)',
    },
  });
  const single = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return { status: statusCode, headers: Object.fromEntries(single), body };
}
