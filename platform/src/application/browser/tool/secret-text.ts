const whole = /^secret:\/\/([a-z0-9][a-z0-9_.-]{0,62})$/;

/** The secret that a text stands for; undefined when it stands for itself. */
export function secretOf(text: string): string | undefined {
  return whole.exec(text.trim())?.[1];
}

/** Whether a text stands for a secret, or has one in it. */
export function mentionsSecret(text: string): boolean {
  return /secret:\/\//i.test(text);
}
