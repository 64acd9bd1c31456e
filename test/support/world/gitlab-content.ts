import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CoreV1Api } from '@kubernetes/client-node';
import { execa } from 'execa';
import {
  BUCKET_COMPONENTS,
  SCRATCH_BUCKETS,
  SOURCE_BUCKETS,
} from '../../../infra/local/gitlab-release/names.ts';
import { STORAGE } from '../../../infra/local/gitlab-release/repositories.ts';
import type { LocalScratch } from '../../../infra/local/gitlab-release/scratch/start-scratch.ts';
import { findRepositories } from '../../../infra/local/toolbox/programs/backup/dump-repositories.ts';
import { loadKubeconfig } from '../admin-connection.ts';
import type { TestWorld } from './test-world.ts';

/** Everything that a restore has to bring back, digested. */
export interface GitLabContent {
  readonly tables: Readonly<Record<string, string>>;
  readonly objects: Readonly<Record<string, readonly string[]>>;
  readonly repositories: Readonly<Record<string, string>>;
  /** Of each Secret a digest. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Viewed = Pick<LocalScratch, 'namespace' | 'postgresql' | 'login' | 'gitaly'>;

type Which = 'gitlab' | 'scratch';

/**
 * What lies in the GitLab of a world, or in its scratch, and how a test changes it.
 *
 * @param whose password the database takes: one that was made of blocks knows that of their time.
 */
export const viewContent = (world: () => TestWorld, which: Which = 'gitlab', whose = which) => {
  const buckets = which === 'gitlab' ? SOURCE_BUCKETS : SCRATCH_BUCKETS;
  const find = (one: Which): Viewed => {
    const { gitlabRelease } = world();
    const viewed = one === 'gitlab' ? gitlabRelease : gitlabRelease?.scratch;
    if (!viewed) throw new Error(`The world has no ${one}.`);
    return viewed;
  };
  const release = (): Viewed => ({ ...find(which), login: find(whose).login });
  const s3 = (): S3Client => {
    const { url: endpoint, region, credentials } = world().aws;
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  };
  const core = () => loadKubeconfig(world().cluster.kubeconfig).makeApiClient(CoreV1Api);
  const ask = (sql: string) => release().postgresql.query(sql, [], release().login);

  const digestTables = async (): Promise<Record<string, string>> => {
    const tables = await ask(
      "select schemaname || '.' || tablename as name from pg_tables where schemaname !~ '^(pg_|information)' order by 1",
    );
    const digests = tables.map(async ({ name }) => {
      const [row] = await ask(
        `select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${String(name)} t`,
      );
      return [String(name), String(row?.['digest'])] as const;
    });
    return Object.fromEntries(await Promise.all(digests));
  };
  const listObjects = async (): Promise<Record<string, string[]>> => {
    const lists = BUCKET_COMPONENTS.map(async (component) => {
      const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: buckets[component] }));
      return [component, Contents.map(({ Key, ETag }) => `${Key} ${ETag}`)] as const;
    });
    return Object.fromEntries(await Promise.all(lists));
  };
  const listReferences = async (): Promise<Record<string, string>> => {
    const storage = join(release().gitaly, STORAGE);
    const references = (await findRepositories(storage)).map(async (path) => {
      const { stdout } = await execa('git', ['-C', join(storage, path), 'for-each-ref']);
      return [path, stdout] as const;
    });
    return Object.fromEntries(await Promise.all(references));
  };
  const digestSecrets = async (): Promise<Record<string, string>> => {
    const { items } = await core().listNamespacedSecret({ namespace: release().namespace });
    const own = items.filter(({ type }) => type === 'Opaque');
    return Object.fromEntries(
      own.map(({ metadata, data }) => [
        metadata?.name ?? '',
        createHash('sha256')
          .update(JSON.stringify(Object.entries(data ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))))
          .digest('hex'),
      ]),
    );
  };

  return {
    release,

    read: async (): Promise<GitLabContent> => {
      const [tables, objects, repositories, secrets] = await Promise.all([
        digestTables(),
        listObjects(),
        listReferences(),
        digestSecrets(),
      ]);
      return { tables, objects, repositories, secrets };
    },

    /** Rows, objects and references are lost or come new, each time others. */
    damage: async (mark: string): Promise<void> => {
      await ask(`delete from issues where id % 2 = 0; update issues set title = '${mark}'`);
      const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: buckets.lfs }));
      for (const { Key } of Contents.slice(0, 1)) {
        await s3().send(new DeleteObjectCommand({ Bucket: buckets.lfs, Key }));
      }
      await s3().send(new PutObjectCommand({ Bucket: buckets.uploads, Key: `newer ${mark}`, Body: mark }));
      const storage = join(release().gitaly, STORAGE);
      const [path = ''] = (await findRepositories(storage)).toSorted();
      await execa('git', ['-C', join(storage, path), 'update-ref', `refs/heads/${mark}`, 'v1.0']);
    },

    /** Puts another content into a Secret, as somebody does who has installed anew. */
    replaceSecret: async (name: string, data: Readonly<Record<string, string>>): Promise<void> => {
      const { namespace } = release();
      const body = await core().readNamespacedSecret({ namespace, name });
      const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
      body.data = Object.fromEntries(encoded);
      await core().replaceNamespacedSecret({ namespace, name, body });
    },
  };
};
