import type { BatutaClient, Run } from '@batuta/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servePages, type PageServer } from '../project/page-server.ts';
import { clientOf, TestProject } from '../project/test-project.ts';

let pages: PageServer;
let project: TestProject;
let client: BatutaClient;

beforeAll(async () => {
  pages = await servePages({ '/': '<title>The Book of Tides</title><p>High water is at nine.</p>' });
  project = new TestProject({ overrides: { 'http_fetch.allow_private': pages.host } });
  client = clientOf(await project.start());
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await pages[Symbol.asyncDispose]();
});

async function ask(agent: string, input: string): Promise<Run> {
  const { id } = await client.runs.create({ agent, input });
  return client.runs.wait(id);
}

const languages = [
  {
    language: 'English',
    notice: 'not a language model',
    sum: 'What is 12% of 340?',
    fetch: (url: string) => `Fetch ${url} and tell me the title`,
    both: 'What is 2 + 3, and what time is it in Tokyo?',
    delegate: 'Ask assistant: what is 6 * 7?',
  },
  {
    language: 'Spanish',
    notice: 'no es un modelo de lenguaje',
    sum: '¿Cuánto es 12% de 340?',
    fetch: (url: string) => `Lee ${url} y dime el título`,
    both: '¿Cuánto es 2 + 3 y qué hora es en Tokyo?',
    delegate: 'Pregúntale a assistant: ¿cuánto es 6 * 7?',
  },
  {
    language: 'Portuguese',
    notice: 'não é um modelo de linguagem',
    sum: 'Quanto é 12% de 340?',
    fetch: (url: string) => `Leia ${url} e diga o título`,
    both: 'Quanto é 2 + 3 e que horas são em Tokyo?',
    delegate: 'Pergunte ao assistant: quanto é 6 * 7?',
  },
];

describe.each(languages)('without a model, in $language', (words) => {
  test('the assistant calculates, and says what it is', async () => {
    const run = await ask('assistant', words.sum);
    expect(run).toMatchObject({ status: 'succeeded', turns: 2, cost_usd: 0 });
    const { models } = await client.agents.get('assistant');
    expect(models).toEqual(['offline/extractive']);
    expect(run.output?.text).toContain('40.8');
    expect(run.output?.text).toContain(words.notice);
  });

  test('the assistant reads a page', async () => {
    const run = await ask('assistant', words.fetch(pages.address('/')));
    expect(run.output?.text).toContain('The Book of Tides');
    expect(run.output?.text).toContain(words.notice);
  });

  test('the assistant does two things at once', async () => {
    const run = await ask('assistant', words.both);
    expect(run).toMatchObject({ status: 'succeeded', turns: 2 });
    expect(run.output?.text).toMatch(/calculator.*5/s);
    expect(run.output?.text).toContain('Asia/Tokyo');
  });

  test('the researcher gives a calculation to the assistant', async () => {
    const run = await ask('researcher', words.delegate);
    expect(run.output?.text).toContain('42');
    const { items } = await client.runs.list();
    expect(items.find(({ parent_run_id }) => parent_run_id === run.id)).toMatchObject({
      agent: 'assistant',
      status: 'succeeded',
    });
  });
});
