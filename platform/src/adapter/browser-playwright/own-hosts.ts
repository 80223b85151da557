/** What Chromium asks for by itself: no page did. */
export const ownHosts: ReadonlySet<string> = new Set([
  'content-autofill.googleapis.com:443',
  'accounts.google.com:443',
  'update.googleapis.com:443',
  'clients2.google.com:443',
]);
