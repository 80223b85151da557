import { describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { testTerminal } from './kit/terminal.ts';

const speaking = (LANG: string) => testTerminal({ environment: { LANG } });

describe('the program', () => {
  test('shows help without a command', async () => {
    const { code, output } = await batuta([]);
    expect(code).toBe(0);
    for (const command of [
      'start',
      'serve',
      'migrate',
      'config',
      'doctor',
      'chat',
      'run',
      'runs',
      'agents',
      'approvals',
    ])
      expect(output).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  test('prints its version', async () => {
    expect(await batuta(['--version'])).toMatchObject({ code: 0, output: '0.1.0\n' });
  });

  test('shows the global options in the help of a command', async () => {
    const { output } = await batuta(['runs', 'show', '--help']);
    expect(output).toContain('Global options:');
    expect(output).toContain('--project <folder>');
  });

  test.each([
    [['chatt'], 'There is no command "chatt". Did you mean chat?'],
    [['start', '--prot', '1'], 'There is no option --prot here. Did you mean --port?'],
    [['run', 'assistant'], 'The argument <text> is missing.'],
    [['start', '--port'], 'The option --port needs a value.'],
    [['serve', '--role', 'queen'], '--role cannot be "queen". It must be all, api, worker.'],
    [['approvals', 'decide', 'apr_1', 'perhaps'], '<decision> cannot be "perhaps".'],
    [['config', 'more'], 'There are too many arguments.'],
    [['runs', '--limit', '0'], '--limit cannot be "0". It must be a number from 1 to 200.'],
    [['run', 'assistant', ' '], 'There is nothing to do: the text is empty.'],
  ])('says what is wrong with %j', async (words, message) => {
    const { code, output, error } = await batuta(words);
    expect(code).toBe(64);
    expect(output).toBe('');
    expect(error).toContain(`error: ${message}`);
    expect(error).toMatch(/^See: batuta .*--help$/m);
  });

  test('points to the help of the command that was meant', async () => {
    expect((await batuta(['budgets', 'set', 'agent', 'clerk'])).error).toContain(
      'See: batuta budgets set --help\n',
    );
    expect((await batuta(['nonsense'])).error).toContain('See: batuta --help\n');
  });

  test.each([
    ['es_ES.UTF-8', 'Órdenes:', 'No existe la orden "x".'],
    ['pt_BR.UTF-8', 'Comandos:', 'Não existe o comando "x".'],
    ['fr_FR.UTF-8', 'Commands:', 'There is no command "x".'],
    ['C', 'Commands:', 'There is no command "x".'],
  ])('speaks the language of %s', async (locale, title, message) => {
    expect((await batuta(['--help'], { terminal: speaking(locale) })).output).toContain(title);
    expect((await batuta(['x'], { terminal: speaking(locale) })).error).toContain(message);
  });

  test('LC_ALL wins over LANG', async () => {
    const terminal = testTerminal({ environment: { LC_ALL: 'es_MX', LANG: 'pt_BR' } });
    expect((await batuta([], { terminal })).output).toContain('Uso:');
  });
});
