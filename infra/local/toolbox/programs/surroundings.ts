import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { parse } from 'yaml';
import * as z from 'zod';
import { ToolboxTroubles } from '../troubles.ts';

/** What a program of the toolbox finds around it: variables and files of its container, and what the local world adds. */
export interface Surroundings {
  readonly version: string;
  readonly troubles: ToolboxTroubles;
  /** Stands for the storage of Gitaly, which the real tool reaches by its API. */
  readonly gitaly: string;
  /** The bucket of its server-side backups, which the real Gitaly has in its own configuration; none without. */
  readonly gitalyBucket: string | undefined;
  /** A folder of this run alone. */
  readonly scratch: string;
  readonly s3: S3Client;
  /** A variable of the container. @throws Error naming it when it is not set. */
  variable(name: string): string;
  /** Reads a file by the path at which the container finds it. */
  read(path: string): Promise<string>;
  database(): Promise<Database>;
  /** Begins a step: waits, hangs or fails as the troubles say. */
  step(name: string): Promise<void>;
}

export interface Database {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

const Mounts = z.record(z.string(), z.string());
const DatabaseFile = z.object({
  production: z.object({
    main: z.object({
      host: z.string(),
      port: z.coerce.number(),
      database: z.string(),
      username: z.string(),
      password: z.string(),
    }),
  }),
});

/** Reads what `start-toolbox.ts` and the container's own specification put into the environment. */
export const readSurroundings = (env: NodeJS.ProcessEnv): Surroundings => {
  const variable = (name: string): string => {
    const value = env[name];
    if (value === undefined) throw new Error(`The variable ${name} is not set.`);
    return value;
  };
  const mounts = Mounts.parse(JSON.parse(env['TOOLBOX_MOUNTS'] ?? '{}'));
  const troubles = ToolboxTroubles.parse(JSON.parse(env['TOOLBOX_TROUBLES'] ?? '{}'));
  const read = (path: string): Promise<string> => {
    const mount = Object.keys(mounts).find((each) => path.startsWith(`${each}/`));
    const folder = mount === undefined ? undefined : mounts[mount];
    return readFile(folder === undefined ? path : join(folder, path.slice(mount?.length)), 'utf8');
  };
  return {
    version: env['TOOLBOX_VERSION'] ?? '0.0.0',
    troubles,
    gitaly: variable('TOOLBOX_GITALY'),
    gitalyBucket: env['TOOLBOX_GITALY_BUCKET'],
    scratch: join(env['HOME'] ?? tmpdir(), 'tmp'),
    s3: new S3Client({ forcePathStyle: true }),
    variable,
    read,
    database: async () => {
      const { main } = DatabaseFile.parse(
        parse(await read('/var/opt/gitlab/templates/database.yml.erb')),
      ).production;
      // The one expression that the chart's template has: the content of a file.
      const [, file] = /^<%= File\.read\('([^']+)'\)\.strip %>$/.exec(main.password) ?? [];
      const password = file === undefined ? main.password : (await read(file)).trim();
      const { host, port, database, username: user } = main;
      return { host, port, database, user, password };
    },
    step: async (name) => {
      if (troubles.slowMs > 0) await delay(troubles.slowMs);
      if (troubles.failsAt === name) throw new Error(`${name} failed, as it was told to`);
      if (troubles.hangsAt === name) await delay(2 ** 31 - 1);
    },
  };
};
