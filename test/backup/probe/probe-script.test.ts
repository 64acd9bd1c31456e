import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProbeReport } from '../../../functions/backup/probe/probe-report.ts';
import { type ProbePlace, writeProbeArguments } from '../../../functions/backup/probe/probe-script.ts';

/** The script in a real shell, with programs of the names of the tools that answer as those do. */

const run = promisify(execFile);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-probe-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const tool = async (name: string, script: string): Promise<void> => {
  await writeFile(join(folder, name), `#!/bin/bash\n${script}\n`);
  await chmod(join(folder, name), 0o755);
};

const ARN = 'arn:aws:sts::111122223333:assumed-role/gitlab-backup/botocore-session-1';
const who = (answer: string): string => `if [ "$1" = sts ]; then ${answer}; exit $?; fi`;
const SIGNED_IN = who(`echo '${ARN}'`);

const HEAD = 'cp "$HOME/from" "$HOME/to" && backup-utility';

interface Told {
  readonly places?: readonly ProbePlace[];
  readonly head?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

const UPLOADS = { bucket: 'acme-uploads', tool: 'awscli' } as const;

const probe = async ({ places = [UPLOADS], head = HEAD, ...settings }: Told = {}) => {
  const [shell = '', ...args] = writeProbeArguments('/bin/bash', head, places, settings);
  await writeFile(join(folder, 'from'), 'copied');
  const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder };
  const { stdout } = await run(shell, args, { env }).catch((error: { stdout: string }) => error);
  return { stdout, report: readProbeReport(stdout) };
};

describe('the pod of a probe', () => {
  it('says who it is, and lists each bucket by the tool of the backup', async () => {
    await tool('aws', `${SIGNED_IN}; echo "$@" >> "$HOME/calls"`);
    await tool('s3cmd', 'echo "s3cmd $@" >> "$HOME/calls"');
    const places = [UPLOADS, { bucket: 'acme-lfs', tool: 's3cmd' }] as const;
    const { report } = await probe({ places });
    expect(report).toEqual({ identity: ARN, listed: { 'acme-uploads': 'listed', 'acme-lfs': 'listed' } });
    const { stdout } = await run('cat', [join(folder, 'calls')]);
    expect(stdout.split('\n')).toEqual([
      's3api list-objects-v2 --bucket acme-uploads --no-paginate --max-keys 1',
      's3cmd ls --limit=1 s3://acme-lfs',
      '',
    ]);
  });

  it('does before it what the script of the chart does, and nothing when that fails', async () => {
    await tool('aws', SIGNED_IN);
    await probe();
    expect((await run('cat', [join(folder, 'to')])).stdout).toBe('copied');
    expect((await probe({ head: 'cp "$HOME/none" "$HOME/to" && backup-utility' })).report).toBeUndefined();
  });

  it('takes the place of a tool that is called by its path', async () => {
    await tool('aws', SIGNED_IN);
    expect((await probe({ head: '/usr/local/bin/backup-utility' })).report?.identity).toBe(ARN);
  });

  it.each([
    [
      'aws',
      'AccessDenied',
      'An error occurred (AccessDenied) when calling the ListObjectsV2 operation: x',
      254,
      'denied',
    ],
    [
      'aws',
      'NoSuchBucket',
      'An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: x',
      254,
      'absent',
    ],
    ['aws', 'keys that are none', 'An error occurred (InvalidAccessKeyId) when calling x', 254, 'failed'],
    [
      'aws',
      'no credentials',
      'Unable to locate credentials. You can configure credentials (aws configure)',
      253,
      'failed',
    ],
    [
      's3cmd',
      'AccessDenied',
      "ERROR: Access to bucket 'x' was denied\nERROR: S3 error: 403 (AccessDenied): no",
      77,
      'denied',
    ],
    [
      's3cmd',
      'NoSuchBucket',
      "ERROR: Bucket 'x' does not exist\nERROR: S3 error: 404 (NoSuchBucket)",
      12,
      'absent',
    ],
    ['s3cmd', 'a name without address', 'ERROR: [Errno -2] Name or service not known', 70, 'failed'],
  ] as const)('%s: %s', async (name, _, message, exit, seen) => {
    await tool('aws', SIGNED_IN);
    const fails = `${SIGNED_IN}\ncat >&2 <<'END'\n${message}\nEND\nexit ${exit}`;
    await tool(name, fails);
    const places = [{ bucket: 'acme-uploads', tool: name === 'aws' ? 'awscli' : 's3cmd' }] as const;
    expect((await probe({ places })).report?.listed).toEqual({ 'acme-uploads': seen });
  });

  it('repeats nothing of a message but its code, since a message may hold a key', async () => {
    await tool('aws', `${SIGNED_IN}\necho 'secret AKIAEXAMPLE "(AccessDenied)"' >&2; exit 254`);
    expect((await probe()).stdout).not.toMatch(/secret|AKIA/);
  });

  it('goes on with the buckets when it can not say who it is', async () => {
    await tool('aws', who('echo "An error occurred (ExpiredToken) when calling x" >&2; exit 254'));
    expect((await probe()).report).toEqual({
      unknown: 'aws sts get-caller-identity ended with 254 (ExpiredToken)',
      listed: { 'acme-uploads': 'listed' },
    });
  });

  it('says that its image has no aws, and goes on with s3cmd', async () => {
    await tool('s3cmd', 'exit 0');
    const places = [{ bucket: 'acme-lfs', tool: 's3cmd' }] as const;
    expect((await probe({ places })).report).toEqual({
      unknown: 'its image has no aws',
      listed: { 'acme-lfs': 'listed' },
    });
  });

  it('passes over what aws writes before the answer', async () => {
    await tool('aws', who(`echo 'a warning (of python)' >&2; echo '${ARN}'`));
    expect((await probe()).report?.identity).toBe(ARN);
  });

  it('tells aws region and endpoint of the chart, and S3 alone the endpoint', async () => {
    await tool('aws', `echo "$1 $AWS_REGION $AWS_ENDPOINT_URL_S3" >> "$HOME/calls"; ${SIGNED_IN}`);
    await probe({ region: 'eu-west-1', endpoint: 'https://s3.example.com' });
    expect((await run('cat', [join(folder, 'calls')])).stdout).toBe(
      'sts eu-west-1 \ns3api eu-west-1 https://s3.example.com\n',
    );
  });

  it('holds nothing that a kubelet would take for a variable', () => {
    for (const argument of writeProbeArguments('/bin/bash', HEAD, [UPLOADS])) {
      expect(argument).not.toMatch(/\$[($]/);
    }
  });
});
