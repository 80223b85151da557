// Loaded before a server, as the command line does it: compiled code is kept between starts, and Node needs no compiler for TypeScript.
import { enableCompileCache } from 'node:module';

enableCompileCache();
