import * as z from 'zod';
import { ScheduleText, TimeZone } from './schedule-setting.ts';
import { gapsOf } from './schedule-times.ts';

/** When a restore is rehearsed, and what the network of its place looks like. */

/** A host name or address; whatever else stands there is no word for a shell. */
const Host = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/, 'must be a host name or an address, without scheme and port');
const Port = z.int().min(1).max(65_535);
const Why = z.string().trim().min(1).max(80);

const MAX_ADDRESSES = 50;

export const Drill = z
  .strictObject({
    schedule: ScheduleText.default('cron(0 10 ? * TUE#1 *)'),
    timeZone: TimeZone,
    maxAgeDays: z
      .int()
      .min(1)
      .max(400)
      .default(45)
      .meta({ description: 'An alarm tells when no restore was rehearsed to a good end for so many days.' }),
    allowed: z
      .array(
        z.strictObject({
          cidr: z
            .string()
            .regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'must be a range of addresses such as "10.0.4.0/24"')
            .meta({ description: 'Range of addresses.' }),
          ports: z.array(Port).min(1).max(20).meta({ description: 'Ports of TCP there.' }),
          why: Why.meta({ description: 'What is there, as a noun.' }),
        }),
      )
      .max(MAX_ADDRESSES)
      .default([])
      .meta({
        description:
          'Where pods of the drill may connect to, beside the servers of its own release: the addresses of S3, and of STS unless the toolbox has EKS Pod Identity.',
        examples: [[{ cidr: '10.0.4.0/24', ports: [443], why: 'interface endpoints of S3 and STS' }]],
      }),
    outside: z
      .array(
        z.strictObject({
          host: Host.meta({ description: 'Host name or address.' }),
          port: Port.meta({ description: 'Port of TCP.' }),
          why: Why.meta({ description: 'What it stands for, as a noun.' }),
        }),
      )
      .max(MAX_ADDRESSES)
      .default([])
      .meta({
        description:
          'Addresses that a restored GitLab must not reach, beside those that Drydock tries by itself; each counts only if it is reached before the network is closed.',
        examples: [[{ host: 'mail.example.com', port: 587, why: 'mail' }]],
      }),
    wayOut: z.enum(['expected', 'none']).default('expected').meta({
      description:
        'none: the network of the place has no way out by itself, so that nothing outside can be reached before it is closed either.',
    }),
    s3Endpoint: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:\d{1,5})?$/, 'must be a host, with its port if it is not 443')
      .optional()
      .meta({
        description: 'Where the place reaches S3. Without it: the endpoint of the region.',
        examples: ['bucket.vpce-0123456789abcdef0-example.s3.eu-central-1.vpce.amazonaws.com'],
      }),
  })
  .superRefine(({ schedule, maxAgeDays }, context) => {
    const longest = gapsOf(schedule)?.longest;
    if (longest === undefined || maxAgeDays * 1_440 > longest) return;
    const days = Math.floor(longest / 1_440) + 1;
    const message = `would tell an alarm before the next drill is due; allowed: ${days} or more`;
    context.addIssue({ code: 'custom', path: ['maxAgeDays'], message });
  })
  .optional()
  .meta({ description: 'Restores are rehearsed in the scratch place, behind a closed network.' });
export type DrillSettings = NonNullable<z.output<typeof Drill>>;
