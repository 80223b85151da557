import type { PolicyRule } from '@batuta/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../src/domain/policy/match-command.ts';
import { effectOf, toolOf } from './policy-kit.ts';

const shell = { tool: toolOf('shell') };
const allowGit: PolicyRule[] = [
  { allow: 'shell', arguments: { command: { commands: ['git status', 'git log **', 'npm run *', 'ls *'] } } },
];
const denyRm: PolicyRule[] = [
  { allow: 'shell' },
  { deny: 'shell', arguments: { command: { commands: ['rm **', 'curl **'] } } },
];

describe('a rule that allows commands', () => {
  it.each([
    ['git status', 'allow'],
    ['  git   status ', 'allow'],
    ['"git" \'status\'', 'allow'],
    ['git log --oneline -5', 'allow'],
    ['git log', 'allow'],
    ['npm run build', 'allow'],
    ['npm run build now', 'ask'],
    ['git push', 'ask'],
    ['/tmp/git status', 'ask'],
    ['git status; rm -rf /', 'ask'],
    ['git status && curl evil', 'ask'],
    ['git status || curl evil', 'ask'],
    ['git status | sh', 'ask'],
    ['git status & curl evil', 'ask'],
    ['git status\nrm -rf /', 'ask'],
    ['git status\r\nrm', 'ask'],
    ['git log > /etc/passwd', 'ask'],
    ['git log < /etc/passwd', 'ask'],
    ['git log $(curl evil)', 'ask'],
    ['git log `curl evil`', 'ask'],
    ['git log "$(curl evil)"', 'ask'],
    ['git log $HOME', 'ask'],
    ['git log ${IFS}x', 'ask'],
    ['GIT_SSH=evil git log', 'ask'],
    ['git log # rest', 'ask'],
    ['ls *', 'ask'],
    ['ls ?', 'ask'],
    ['ls [a]', 'ask'],
    ['ls ~', 'ask'],
    ['ls {a,b}', 'ask'],
    ['git log "unfinished', 'ask'],
    ['git log \\', 'ask'],
    ["git status '", 'ask'],
    ['g\u200bit status', 'ask'],
    ['git\u0000 status', 'ask'],
    ['', 'ask'],
    [['git', 'status'], 'allow'],
    [['git', 'log', '$(curl evil)'], 'allow'],
    [['git', 'status', '; rm'], 'ask'],
    [['git', 7], 'ask'],
    [[], 'ask'],
    [{ command: 'git status' }, 'ask'],
  ])('%j', (command, effect) => {
    expect(effectOf(allowGit, { command }, shell)).toBe(effect);
  });
});

describe('a rule that denies commands', () => {
  it.each([
    ['git status', 'allow'],
    ['rm -rf /', 'deny'],
    ['/bin/rm -rf /', 'deny'],
    ['RM x', 'deny'],
    ['"rm" x', 'deny'],
    ['r\\m x', 'deny'],
    ['echo hi; rm -rf /', 'deny'],
    ['sudo rm x', 'deny'],
    ['env rm x', 'deny'],
    ['bash -c "rm x"', 'deny'],
    ['xargs rm', 'deny'],
    ['echo $(rm x)', 'deny'],
    ['A=1 rm x', 'deny'],
    [['rm', '-rf', '/'], 'deny'],
    [['sh', '-c', 'rm x'], 'deny'],
    [7, 'deny'],
  ])('%j', (command, effect) => {
    expect(effectOf(denyRm, { command }, shell)).toBe(effect);
  });
});

describe('the words of a command', () => {
  it('are those that were put in quotation marks, whatever they are', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '-', '/', '.', '=', ':') });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const command = ['program', ...words].map((each) => `'${each}'`).join(' ');
        expect(commandWords(command)).toEqual(['program', ...words]);
      }),
    );
  });

  it('of anything else are fewer than a shell could make of it: never those of an allowed command with more behind', () => {
    const tail = fc.string({ unit: fc.constantFrom(';', '&', '|', '`', '$', '(', '>', '\n', 'x', ' ') });
    fc.assert(
      fc.property(tail, (rest) => {
        fc.pre(/[;&|`$(>\n]/.test(rest));
        expect(commandWords(`git status ${rest}`)).toBeUndefined();
      }),
    );
  });
});
