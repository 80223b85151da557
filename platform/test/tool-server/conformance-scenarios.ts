/** Scenarios of the conformance suite that do not apply, and why. The guide lists the same. */
export const notApplicable: Readonly<Record<string, string>> = {
  'auth/2025-03-26-oauth-metadata-backcompat': 'an authorisation flow that 2025-11-25 replaced',
  'auth/2025-03-26-oauth-endpoint-fallback': 'an authorisation flow that 2025-11-25 replaced',
  'auth/client-credentials-jwt':
    'an extension: consent is given by people; machines use headers with secrets',
  'auth/client-credentials-basic':
    'an extension: consent is given by people; machines use headers with secrets',
  'auth/enterprise-managed-authorization': 'an extension that needs the ID tokens of an enterprise',
  'auth/dpop': 'an extension: tokens are bearer tokens, encrypted at rest',
  'auth/dpop-nonce': 'an extension: tokens are bearer tokens, encrypted at rest',
  'auth/wif-jwt-bearer': 'an extension that needs the identity of a cloud workload',
  'json-schema-2020-12-preservation':
    'models are shown a trimmed schema: without $schema, which providers refuse',
  'sep-2640-client-no-prefetch': 'an extension: skills are taken from the project, never from tool servers',
  'sep-2640-client-verify-digest': 'an extension: skills are taken from the project, never from tool servers',
  'sep-2640-client-verify-size': 'an extension: skills are taken from the project, never from tool servers',
  'sep-2640-client-verify-frontmatter':
    'an extension: skills are taken from the project, never from tool servers',
};

/** The protocol versions that the client speaks. */
export const spokenVersions = ['2025-11-25', '2026-07-28'];
