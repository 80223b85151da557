import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ending, SampleRepository, waiting } from './sample-repository.ts';

let repository: SampleRepository;

beforeEach(() => {
  repository = new SampleRepository();
});

afterEach(() => {
  repository[Symbol.dispose]();
});

describe('installing', () => {
  test('a fresh clone is installed once, says why, and then runs the program', async () => {
    const first = await repository.run('start', '--', '--port', '1');
    expect(first.errors).toContain('because no packages are installed yet');
    expect(JSON.parse(first.output)).toEqual(['start', '--port', '1']);
    const second = await repository.run('start');
    expect(second.errors).toBe('');
    expect(repository.npmCalls()).toEqual(['ci --no-audit --no-fund --loglevel=error']);
  });

  test('a changed lock file is installed', async () => {
    await repository.run('start');
    repository.lock('1.0.1');
    const { errors } = await repository.run('start');
    expect(errors).toContain('because package-lock.json has changed');
    expect(repository.npmCalls()).toHaveLength(2);
  });

  test('a half-made installation is made again', async () => {
    repository.write('node_modules/zod/package.json', '{}');
    const { errors, code } = await repository.run('start');
    expect(errors).toContain('because an earlier installation did not finish');
    expect(code).toBe(0);
  });

  test('a package that somebody removed is installed again', async () => {
    await repository.run('start');
    repository.remove('node_modules/zod');
    const { errors } = await repository.run('start');
    expect(errors).toContain('because the package zod is missing');
  });

  test('an installation made by hand is taken as it is', async () => {
    const record = JSON.stringify({ packages: { 'node_modules/zod': { version: '1.0.0' } } });
    repository.write('node_modules/zod/package.json', '{}');
    repository.write('node_modules/.package-lock.json', record);
    const { code } = await repository.run('start');
    expect(code).toBe(0);
    expect(repository.npmCalls()).toEqual([]);
  });

  test('a lock left by an installer that was killed is taken over', async () => {
    repository.write('.install-lock', '4194999');
    const { code } = await repository.run('start');
    expect(code).toBe(0);
  });

  test('two commands at once install once', async () => {
    const endings = await Promise.all([repository.run('start'), repository.run('batuta', 'x')]);
    expect(endings.map(({ code }) => code)).toEqual([0, 0]);
    expect(repository.npmCalls()).toHaveLength(1);
  });
});

describe('a failing npm', () => {
  test('is explained in plain words, and the program is not run', async () => {
    repository.write('plan-failure', 'npm error code ENOTFOUND\nnpm error network request failed\n');
    const { code, output, errors } = await repository.run('start');
    expect(code).toBe(1);
    expect(errors).toContain('The package registry cannot be reached.');
    expect(errors).toContain('npm error code ENOTFOUND');
    expect(output).toBe('');
  });

  test('is tried once more without the leftovers in its way', async () => {
    repository.write('node_modules/leftover/file', '');
    repository.write('plan-failure', 'npm error code ENOTEMPTY\n');
    const { code } = await repository.run('start');
    expect(code).toBe(0);
    expect(repository.npmCalls()).toHaveLength(2);
  });

  test('is tried again by the next command', async () => {
    repository.write('plan-failure', 'npm error code ENOSPC\n');
    const { errors } = await repository.run('start');
    expect(errors).toContain('The disk is full.');
    expect((await repository.run('start')).code).toBe(0);
  });
});

describe('running', () => {
  test('the exit code of the program is that of the command', async () => {
    expect((await repository.run('batuta', 'chat')).code).toBe(0);
    expect((await repository.run('start', 'exit', '5')).code).toBe(5);
  });

  test.for([
    ['SIGTERM', 3],
    ['SIGINT', 4],
  ] as const)('%s reaches the program, which decides how to end', async ([signal, code]) => {
    const child = repository.start('start', 'wait');
    await waiting(child);
    const ended = ending(child);
    child.kill(signal);
    expect(await ended).toEqual({ code, signal: null });
  });

  test('a program ended by a signal ends the command by the same signal', async () => {
    const child = repository.start('start', 'hang');
    await waiting(child);
    const ended = ending(child);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('a program does not outlive the shell in which npm started it', async () => {
    const shell = repository.startInShell('start', 'wait');
    await waiting(shell);
    const allEnded = once(shell.stdout, 'close');
    shell.kill('SIGTERM');
    await expect(allEnded).resolves.toBeDefined();
  });

  test('an unknown command is answered with those there are', async () => {
    const { code, errors } = await repository.run('strat');
    expect(code).toBe(1);
    expect(errors).toContain('start|batuta|test');
  });
});
