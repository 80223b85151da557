/** Runs the linter with the repository's own configuration over sources that lie in a folder of their own. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** File to source. */
export type Sources = Record<string, string>;

/** File to the names of the rules that fired in it, such as `batuta(no-cast)`. */
export type Findings = Map<string, string[]>;

/** Which rules fire where. */
export async function lintSources(sources: Sources): Promise<Findings> {
  const folder = mkdtempSync(path.join(tmpdir(), 'batuta-lint-'));
  try {
    writeConfiguration(folder);
    for (const [file, source] of Object.entries(sources)) write(path.join(folder, file), source);
    return readFindings(await runLinter(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeConfiguration(folder: string): void {
  cpSync(path.join(root, 'tool/lint'), path.join(folder, 'tool/lint'), { recursive: true });
  cpSync(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
  const configuration = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'));
  configuration.compilerOptions.types = [];
  write(path.join(folder, 'tsconfig.json'), JSON.stringify(configuration));
}

function write(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** The linter exits with 1 when it found something; only an output that is no report is a failure. */
function runLinter(folder: string): Promise<string> {
  const program = path.join(root, 'node_modules/.bin/oxlint');
  return new Promise((resolve) => {
    execFile(program, ['-f', 'json'], { cwd: folder }, (_error, output) => resolve(output));
  });
}

function readFindings(report: string): Findings {
  const { diagnostics }: { diagnostics: { filename: string; code: string }[] } = JSON.parse(report);
  const findings: Findings = new Map();
  for (const { filename, code } of diagnostics) {
    findings.set(filename, [...(findings.get(filename) ?? []), code]);
  }
  return findings;
}
