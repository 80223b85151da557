import type { AccessEndReason, Role } from '@batuta/contract';
import type { BatutaClient } from '@batuta/sdk';
import type { RunningPlatform } from '../../src/platform.ts';
import { StrictReader } from '../project/strict-reader.ts';
import { clientOf, TestProject, type TestProjectOptions } from '../project/test-project.ts';

/** A stream of a session, read as any client reads it. */
export class OpenStream {
  /** What was read until the stream ended; the frames of the log come first. */
  readonly ended: Promise<string>;
  readonly begun: Promise<void>;
  readonly #controller = new AbortController();
  #isOver = false;

  constructor(url: string, key: string) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.begun = promise;
    this.ended = this.#read(url, key, resolve);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Why the server ended it; undefined where it was just cut. */
  async reason(): Promise<AccessEndReason | undefined> {
    const text = await this.ended;
    return /event: access-ended\ndata: \{"reason":"([\w-]+)"\}\n\n$/.exec(text)?.[1] as
      | AccessEndReason
      | undefined;
  }

  close(): void {
    this.#controller.abort();
  }

  async #read(url: string, key: string, begin: () => void): Promise<string> {
    const headers = { authorization: `Bearer ${key}` };
    let text = '';
    try {
      const answer = await fetch(url, { headers, signal: this.#controller.signal });
      if (answer.status !== 200) return `${answer.status}`;
      const decoder = new TextDecoder();
      for await (const piece of answer.body ?? []) {
        text += decoder.decode(piece, { stream: true });
        if (text.includes('event: run-succeeded')) begin();
      }
    } catch {
      // Closed by the test.
    }
    this.#isOver = true;
    return text;
  }
}

/** Platforms on one database whose streams are ended from outside, and a session to follow. */
export class StreamHouse implements AsyncDisposable {
  readonly client: BatutaClient;
  readonly platforms: readonly RunningPlatform[];
  readonly session: string;
  readonly #project: TestProject;
  readonly #streams: OpenStream[] = [];

  private constructor(project: TestProject, platforms: readonly RunningPlatform[], session: string) {
    this.#project = project;
    this.platforms = platforms;
    this.session = session;
    this.client = clientOf(platforms[0]!);
  }

  /** One process that does everything, and `doors` that only serve the API. */
  static async open(options: TestProjectOptions & { doors: number }): Promise<StreamHouse> {
    const project = new TestProject(options);
    const platforms = [await project.start()];
    for (let index = 0; index < options.doors; index += 1) platforms.push(await project.start('api'));
    const client = clientOf(platforms[0]!);
    const run = await client.runs.create({ agent: 'assistant', input: 'Hello' });
    await new StrictReader(client, run.id).done;
    return new StreamHouse(project, platforms, run.session_id);
  }

  /** Somebody with a key of their own. */
  async somebody(role: Role = 'operator') {
    const user = await this.client.users.create({ name: 'Bea', role });
    const key = await this.client.keys.create({ name: 'bea', role, user_id: user.id });
    return { user, key };
  }

  /** Follows the session in each process with a key, past the end of its run. */
  async follow(key: string): Promise<OpenStream[]> {
    const streams = this.platforms.map(
      ({ url }) => new OpenStream(`${url}/v1/sessions/${this.session}/events`, key),
    );
    this.#streams.push(...streams);
    await Promise.all(streams.map(({ begun }) => begun));
    return streams;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.#streams) stream.close();
    await Promise.all(this.#streams.map(({ ended }) => ended));
    await this.#project[Symbol.asyncDispose]();
  }
}
