import type { Application } from '../application.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import { createAuthenticate } from './authenticate.ts';
import { exchangeLogin } from './login.ts';

/** The part of the application that doors let people in by. */
export function createAccess(dependencies: AccessDependencies): Application['access'] {
  return {
    authenticate: createAuthenticate(dependencies),
    exchangeLogin: (token) => exchangeLogin(dependencies, token),
  };
}
