import { registerHooks } from 'node:module';

/** Packages that a tool file may import although its project folder has not installed them. */
const offered = ['@batuta/platform/tool', '@batuta/contract', 'zod'];

let registered = false;

/**
 * Lets tool files of any folder import what every tool needs: where the folder has no such package, this program's own is taken.
 * The resolution of everything else is not touched.
 */
export function offerOwnPackages(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (!offered.includes(specifier)) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, context);
      } catch {
        // Not installed there, or another version of this platform without this part.
        return nextResolve(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
