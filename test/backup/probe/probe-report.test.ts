import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProbeReport } from '../../../functions/backup/probe/probe-report.ts';
import { PROBE_MARK } from '../../../functions/backup/probe/probe-script.ts';

const ARN = 'arn:aws:sts::111122223333:assumed-role/backup/s';
const identity = (arn: string, exit = 0, code = ''): string =>
  `${PROBE_MARK}"identity":"${arn}","exit":${exit},"code":"${code}"}`;
const bucket = (name: string, exit = 0, code = ''): string =>
  `${PROBE_MARK}"bucket":"${name}","exit":${exit},"code":"${code}"}`;

describe('what a probe wrote', () => {
  it.each([
    ['nothing', '', undefined],
    ['lines of others only', 'Begin\n{"level":"info"}\n', undefined],
    [
      'both, among lines of others',
      `x\n${identity(ARN)}\ny\n${bucket('uploads')}`,
      { identity: ARN, listed: { uploads: 'listed' } },
    ],
    [
      'no identity',
      bucket('uploads'),
      { unknown: 'its log says nothing of it', listed: { uploads: 'listed' } },
    ],
    [
      'an identity that is none',
      identity('nobody'),
      { unknown: 'aws sts get-caller-identity ended with 0', listed: {} },
    ],
    [
      'the first of two identities',
      `${identity(ARN)}\n${identity('arn:aws:sts::1:x')}`,
      { identity: ARN, listed: {} },
    ],
    [
      'a line that was cut',
      `${identity(ARN)}\n${bucket('uploads').slice(0, -4)}`,
      { identity: ARN, listed: {} },
    ],
    [
      'a line with more in it',
      `${identity(ARN)}\n${bucket('uploads').replace('}', ',"a":1}')}`,
      { identity: ARN, listed: {} },
    ],
    [
      'an exit code that is none',
      `${identity(ARN)}\n${bucket('uploads', -1)}`,
      { identity: ARN, listed: {} },
    ],
    [
      'a timeout',
      `${identity(ARN)}\n${bucket('uploads', 124)}`,
      { identity: ARN, listed: { uploads: 'failed' } },
    ],
    [
      'a bucket twice, the worse one',
      `${bucket('lfs', 1, 'AccessDenied')}\n${bucket('lfs')}`,
      { unknown: expect.any(String), listed: { lfs: 'denied' } },
    ],
    [
      'a code of S3 that ended well',
      bucket('lfs', 0, 'AccessDenied'),
      { unknown: expect.any(String), listed: { lfs: 'listed' } },
    ],
  ])('reads %s', (_, log, expected) => {
    expect(readProbeReport(log)).toEqual(expected);
  });

  it('calls a bucket listed only by a whole line that says so, whatever else there is', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(bucket('uploads').length - 1), (strange, length) => {
        const noise = strange.filter((line) => !line.startsWith(PROBE_MARK));
        const cut = bucket('uploads').slice(0, length);
        expect(readProbeReport([...noise, cut].join('\n'))?.listed['uploads']).toBeUndefined();
        expect(readProbeReport([...noise, bucket('uploads')].join('\n'))?.listed['uploads']).toBe('listed');
      }),
    );
  });
});
