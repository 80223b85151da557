import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

/** What a client saw of one run. */
export interface RunTiming {
  /** Milliseconds to the first byte of the answer's text. */
  firstMs: number;
  /** Milliseconds to the end of the body. */
  endMs: number;
  bytes: number;
  ok: boolean;
  /** Why it did not end well, as far as the client can tell; null when it did. */
  failure: string | null;
}

/** A request that starts a run and streams it. */
export interface RunRequest {
  url: string;
  headers: Record<string, string>;
  body: unknown;
  /** Stands in the stream where the answer's text begins. */
  textMark: string;
  /** Stands in the stream when the run has ended well. */
  endMark: string;
}

const keptForFailure = 2_000;

/** The error that a stream or a problem names; otherwise how the stream ended. */
function describeFailure(status: number | undefined, last: string): string {
  const named = /"code":"([\w-]+)"(?:.*?"(?:message|detail|causes)":"([^"]*)")?/s.exec(
    last.slice(Math.max(0, last.indexOf('event: run-failed'))),
  );
  if (named !== null && (status !== 200 || last.includes('event: run-failed'))) {
    return `${named[1]}: ${named[2] ?? ''}`;
  }
  const events = [...last.matchAll(/^event: (\S+)/gm)].map(([, name]) => name);
  return `status ${status}, ended after ${events.slice(-3).join(', ') || 'nothing'}`;
}

function newTiming(): RunTiming {
  return { firstMs: Number.NaN, endMs: Number.NaN, bytes: 0, ok: false, failure: null };
}

/** Starts a run and reads its stream to the end. */
export function timeRun({ url, headers, body, textMark, endMark }: RunRequest): Promise<RunTiming> {
  const began = performance.now();
  const timing = newTiming();
  let tail = '';
  let last = '';
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          timing.bytes += chunk.length;
          last = (last + chunk).slice(-keptForFailure);
          tail = (tail + chunk).slice(-4_000 - chunk.length);
          if (Number.isNaN(timing.firstMs) && tail.includes(textMark))
            timing.firstMs = performance.now() - began;
          timing.ok ||= tail.includes(endMark);
          tail = tail.slice(-endMark.length - 200);
        });
        response.on('end', () => {
          timing.endMs = performance.now() - began;
          if (!timing.ok) timing.failure = describeFailure(response.statusCode, last);
          resolve(timing);
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
