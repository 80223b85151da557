import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { SandboxProvider } from '../../src/port/sandbox.ts';
import { withSandbox } from './open-sandbox.ts';

/** What every kind of sandbox does, whatever keeps it in. */
export function describeSandbox(provider: SandboxProvider): void {
  afterAll(() => provider.close());
  it('finds nothing missing on this machine', async () => {
    const needed = (await provider.check()).filter(({ isNeeded }) => isNeeded);
    expect(needed, 'run tool/install-system-packages.sh').toEqual([]);
  });
  describeCommands(provider);
  describeEnds(provider);
  describeFiles(provider);
  describeSnapshots(provider);
}

function describeCommands(provider: SandboxProvider): void {
  it('runs a program with its arguments as they are, and gives output and exit code apart', async () => {
    await withSandbox(provider, async ({ run, sh }) => {
      const args = ['a b', '$HOME', `'"`, '; echo no', 'é\n'];
      const told = await run('printf', '%s|', ...args);
      expect(told).toMatchObject({
        exitCode: 0,
        limit: null,
        stdout: args.map((each) => `${each}|`).join(''),
      });
      expect(await sh('echo out; echo err >&2; exit 3')).toMatchObject({
        exitCode: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      });
    });
  });

  it('hands over standard input, and nothing when there is none', async () => {
    await withSandbox(provider, async ({ sh }) => {
      expect((await sh('cat', { input: 'x'.repeat(100_000) })).stdout).toHaveLength(100_000);
      expect((await sh('cat; echo done')).stdout).toBe('done\n');
    });
  });

  it('starts in a folder of the workspace, with the variables that it is given', async () => {
    await withSandbox(provider, async ({ sandbox, sh }) => {
      await sh('mkdir -p "a/b c"');
      let said = '';
      const command = {
        program: 'sh',
        arguments: ['-c', 'basename "$PWD"; echo $COLOUR'],
        directory: 'a/b c',
      };
      const output = (piece: Uint8Array): void => void (said += Buffer.from(piece).toString());
      await sandbox.run({ ...command, environment: { COLOUR: 'blue' } }, { output });
      expect(said).toBe('b c\nblue\n');
    });
  });

  it.each([
    ['python', 'python3', ['-c', 'print(6*7)']],
    ['node', 'node', ['-e', 'console.log(6*7)']],
    ['general', 'sh', ['-c', 'echo $((6*7))']],
  ] as const)('has what the template %s needs', async (template, program, args) => {
    const check = async ({ run }: { run: (program: string, ...args: string[]) => Promise<object> }) =>
      expect(await run(program, ...args)).toMatchObject({ exitCode: 0, stdout: '42\n' });
    await withSandbox(provider, check, { template });
  });

  it('says that a program is not there', async () => {
    await withSandbox(provider, async ({ sh }) => {
      expect(await sh('no-such-program')).toMatchObject({ exitCode: 127, limit: null });
    });
  });

  it.each([
    ['', []],
    ['-c', []],
    ['a\0b', []],
    ['echo', ['x'.repeat(200_000)]],
    ['echo', Array.from({ length: 5000 }, () => 'x')],
  ])('refuses a command that cannot be handed over: %j', async (program, args) => {
    await withSandbox(provider, async ({ sandbox }) => {
      const running = sandbox.run({ program, arguments: args });
      await expect(running).rejects.toMatchObject({ code: 'command-invalid' });
    });
  });

  it('runs several commands of one workspace side by side', async () => {
    await withSandbox(provider, async ({ sh }) => {
      const numbers = Array.from({ length: 6 }, (_, index) => index);
      const told = await Promise.all(
        numbers.map((number) => sh(`echo ${number} > f${number}; cat f${number}`)),
      );
      expect(told.map(({ stdout }) => stdout.trim())).toEqual(numbers.map(String));
    });
  });
}

function describeEnds(provider: SandboxProvider): void {
  it('ends a command when its time is over', async () => {
    await withSandbox(provider, async ({ sh }) => {
      const told = await sh('echo begun; sleep 60', { seconds: 1 });
      expect(told).toMatchObject({ limit: 'time', stdout: 'begun\n' });
      expect(told.durationMs).toBeLessThan(10_000);
    });
  });

  it('ends a command that floods its output, and keeps what came before', async () => {
    await withSandbox(provider, async ({ sh }) => {
      const told = await sh('yes');
      expect(told.limit).toBe('output');
      expect(told.stdout).toHaveLength(200_000);
    });
  });

  it('ends a command that is called off, with all that it has started', async () => {
    await withSandbox(provider, async ({ sandbox, folder }) => {
      const controller = new AbortController();
      const command = {
        program: 'sh',
        arguments: ['-c', '(while :; do date >> beat; sleep 0.05; done) & echo on; wait'],
      };
      const end = await sandbox.run(command, { output: () => controller.abort(), signal: controller.signal });
      expect(end.limit).toBe('cancelled');
      const beat = join(folder, 'beat');
      const seen = existsSync(beat) ? readFileSync(beat, 'utf8') : '';
      await sandbox.run({ program: 'sleep', arguments: ['0.3'] });
      expect(existsSync(beat) ? readFileSync(beat, 'utf8') : '').toBe(seen);
    });
  });

  it('never starts what was called off before', async () => {
    await withSandbox(provider, async ({ sh, sandbox }) => {
      expect(await sh('sleep 0.2; touch ran', { signal: AbortSignal.abort() })).toMatchObject({
        limit: 'cancelled',
      });
      expect((await sandbox.files.list('', { depth: 1, limit: 9 })).entries).toEqual([]);
    });
  });

  it('talks with a process that goes on, and stops it', async () => {
    await withSandbox(provider, async ({ sandbox }) => {
      const heard = Promise.withResolvers<string>();
      const output = (piece: Uint8Array): void => heard.resolve(Buffer.from(piece).toString());
      const command = {
        program: 'sh',
        arguments: ['-c', 'read x; echo "got $x"; sleep 60'],
        isInteractive: true,
      };
      const started = await sandbox.start(command, { output });
      started.write('word\n');
      expect(await heard.promise).toBe('got word\n');
      expect((await started.stop()).exitCode).not.toBe(0);
    });
  });
}

function describeFiles(provider: SandboxProvider): void {
  it('shows commands what is written from outside, and the other way round', async () => {
    await withSandbox(provider, async ({ sandbox: { files }, sh }) => {
      await files.write('notes/today.md', Buffer.from('plan'));
      expect((await sh('cat notes/today.md; echo more >> notes/today.md; mkdir notes/new')).stdout).toBe(
        'plan',
      );
      const { content, bytes } = await files.read('/workspace/notes/today.md', { offset: 4, length: 100 });
      expect([Buffer.from(content).toString(), bytes]).toEqual(['more\n', 9]);
      const { entries } = await files.list('', { depth: 5, limit: 10 });
      expect(entries.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
        'notes folder',
        'notes/new folder',
        'notes/today.md file',
      ]);
    });
  });

  it('replaces a file at once and keeps its permissions', async () => {
    await withSandbox(provider, async ({ sandbox: { files }, sh }) => {
      await sh('echo "echo one" > tool; chmod 755 tool');
      await files.write('tool', Buffer.from('#!/bin/sh\necho two\n'));
      expect((await sh('./tool; ls -A')).stdout).toBe('two\ntool\n');
    });
  });

  it.each([
    ['../x', /may not contain/],
    ['/etc/passwd', /outside of the workspace/],
    ['a/../../x', /may not contain/],
    [`${'d/'.repeat(100)}x`, /deeper than/],
    ['x'.repeat(300), /longer than 255/],
    ['a\0b', /zero byte/],
    ['.', /the workspace itself/],
  ])('does not go to %j', async (path, reason) => {
    await withSandbox(provider, async ({ sandbox: { files } }) => {
      const error = { code: 'workspace-path-refused', message: expect.stringMatching(reason) };
      await expect(files.read(path, { offset: 0, length: 9 })).rejects.toMatchObject(error);
      await expect(files.write(path, Buffer.from('x'))).rejects.toMatchObject(error);
    });
  });

  it('tells what is not there from what is no file', async () => {
    await withSandbox(provider, async ({ sandbox: { files }, sh }) => {
      await sh('mkdir folder; mkfifo pipe');
      const read = (path: string) =>
        files.read(path, { offset: 0, length: 9 }).catch((error: Error) => error.message);
      expect(await read('none')).toMatch('There is nothing at "none"');
      expect(await read('folder')).toMatch('it is a folder');
      expect(await read('pipe')).toMatch('it is not a file');
      await expect(files.write('folder', Buffer.from('x'))).rejects.toThrow('it is a folder');
    });
  });

  it('refuses to write beyond what the workspace may hold', async () => {
    await withSandbox(provider, async ({ sandbox: { files } }) => {
      await files.write('a', Buffer.alloc(20_000_000));
      const error = { code: 'workspace-full', message: expect.stringMatching(/take 20 MB of 24 MB/) };
      await expect(files.write('b', Buffer.alloc(5_000_000))).rejects.toMatchObject(error);
      await files.remove('a');
      await files.write('b', Buffer.alloc(5_000_000));
      expect((await files.size()).files).toBe(1);
    });
  });
}

function describeSnapshots(provider: SandboxProvider): void {
  it('copies its files aside and puts them back', async () => {
    await withSandbox(provider, async ({ sandbox, sh }) => {
      const aside = mkdtempSync(join(tmpdir(), 'batuta-aside-'));
      await sh('mkdir d; echo one > d/f; ln -s d/f link; chmod 500 d; echo x > gone');
      const size = await sandbox.snapshot(join(aside, 'first'));
      expect(size.files).toBe(4);
      await sh('chmod 700 d; rm -rf d gone; echo later > later');
      await sandbox.restore(join(aside, 'first'));
      expect((await sh('cat link; ls')).stdout).toBe('one\nd\ngone\nlink\n');
      expect((await sh('echo two > d/f; cat d/f')).stdout).toBe('two\n');
      rmSync(aside, { recursive: true, force: true });
    });
  });

  it('is gone when it was destroyed, whatever its permissions were', async () => {
    await withSandbox(provider, async ({ sandbox, sh, folder }) => {
      await sh('mkdir -p a/b; echo x > a/b/c; chmod 000 a/b a');
      await sandbox.destroy();
      expect(existsSync(folder)).toBe(false);
    });
  });
}

/** In containers the output belongs to the engine. */
export function describeNamedOutput(provider: SandboxProvider): void {
  it('lets programs open their output by its name', async () => {
    await withSandbox(provider, async ({ sh }) => {
      const told = await sh('echo a > /dev/stderr; echo b > /dev/stdout; echo c | tee /dev/stderr');
      expect(told).toMatchObject({ exitCode: 0, stdout: 'b\nc\n', stderr: 'a\nc\n' });
    });
  });
}
