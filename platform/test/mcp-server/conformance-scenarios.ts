/**
 * Which scenarios of `@modelcontextprotocol/conformance` apply to this server. The suite calls tools, prompts and resources of a sample
 * server: where this one has something of the same kind it is called instead (`translations.ts`), and the answer must hold. What it does
 * not have is listed with the reason, here and in docs/guide/mcp-server.md. A scenario that is in neither list fails the test.
 */
export const applying: readonly string[] = [
  'server-initialize',
  'server-session-lifecycle',
  'ping',
  'completion-complete',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-image',
  'tools-call-audio',
  'tools-call-error',
  'tools-call-with-progress',
  'server-sse-polling',
  'server-sse-multiple-streams',
  'resources-list',
  'resources-read-text',
  'resources-read-binary',
  'resources-templates-read',
  'sep-2164-resource-not-found',
  'prompts-list',
  'prompts-get-simple',
  'prompts-get-with-args',
  'dns-rebinding-protection',
  'caching',
  'http-header-validation',
  'input-required-result-missing-input-response',
  'input-required-result-unsupported-methods',
  'input-required-result-ignore-extra-params',
  'input-required-result-validate-input',
];

const noLog = 'logs go to the log of the platform, not to clients; the protocol has deprecated them';
const noSampling = 'the platform has models of its own and never asks the client for one';
const noRoots = 'the platform does not look at the folders of its clients';
const ownForm =
  'the one question that this server asks is a confirmation; its wire form is tested in decide-approval.test.ts';
const noState = 'a question carries no state: the call is repeated whole';

/** Scenarios that do not apply, and why. */
export const notApplying: Readonly<Record<string, string>> = {
  'logging-set-level': noLog,
  'tools-call-with-logging': noLog,
  'tools-call-sampling': noSampling,
  'input-required-result-basic-sampling': noSampling,
  'input-required-result-basic-list-roots': noRoots,
  'tools-call-elicitation':
    'over HTTP, 2025-11-25 would need sessions kept in one process; 2026-07-28 asks without',
  'elicitation-sep1034-defaults': 'tests the defaults of a sample form',
  'elicitation-sep1330-enums': 'tests the choices of a sample form',
  'input-required-result-basic-elicitation': ownForm,
  'input-required-result-result-type': ownForm,
  'input-required-result-capability-check': ownForm,
  'input-required-result-multiple-input-requests': 'no tool asks more than one question',
  'input-required-result-multi-round': 'no tool asks more than one question',
  'input-required-result-non-tool-request': 'only tools ask',
  'input-required-result-request-state': noState,
  'input-required-result-tampered-state': noState,
  'tools-call-embedded-resource': 'files come as resources or by read_artifact, not inside of other answers',
  'tools-call-mixed-content': 'files come as resources or by read_artifact, not inside of other answers',
  'prompts-get-embedded-resource': 'prompts are text',
  'prompts-get-with-image': 'prompts are text',
  'json-schema-2020-12':
    'tests that a sample schema with $defs is passed on unchanged; schemas here are made from the contract',
  'resources-subscribe': 'files do not change',
  'resources-unsubscribe': 'files do not change',
  'http-custom-header-server-validation': 'no tool has arguments that are repeated in headers',
  'server-stateless': 'checks of it need diagnostic tools of the sample server: see `statelessExceptions`',
};

/** Checks of `server-stateless` that need tools of the sample server; all its others must pass. */
export const statelessExceptions: readonly string[] = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-server-no-log-without-loglevel',
];
