import * as z from 'zod';

/** A site: one account, one region, one network, one self-contained stack. */

const Throttle = z
  .strictObject({
    ratePerSecond: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .meta({ description: 'Requests a second that the gateway lets through in the long run.' }),
    burst: z
      .int()
      .min(1)
      .max(5_000)
      .default(200)
      .meta({ description: 'Requests that may come at once before the rate applies.' }),
  })
  .prefault({})
  .meta({ description: 'What the gateway lets through; above it a sender sees 429.' });

const Webhook = z
  .discriminatedUnion('exposure', [
    z.strictObject({
      exposure: z
        .literal('none')
        .meta({ description: 'No endpoint: events come by EventBridge, SNS or the sweep alone.' }),
    }),
    z.strictObject({
      exposure: z.literal('public').meta({ description: 'An HTTP API on the internet.' }),
      throttle: Throttle,
    }),
    z.strictObject({
      exposure: z.literal('private').meta({ description: 'A REST API that only the VPC endpoint reaches.' }),
      vpcEndpoint: z
        .string()
        .regex(
          /^vpce-[0-9a-f]+$/,
          'must be the id of an interface endpoint for execute-api, such as "vpce-0a1b2c3d4e5f67890"',
        )
        .meta({ description: 'Interface endpoint for execute-api through which senders come.' }),
      throttle: Throttle,
    }),
  ])
  .prefault({ exposure: 'none' })
  .meta({ description: 'How registries and CI jobs reach Drydock at this site. Off unless set.' });

const Network = z
  .strictObject({
    vpc: z
      .string()
      .regex(/^vpc-[0-9a-f]+$/, 'must be the id of a VPC, such as "vpc-0a1b2c3d4e5f67890"')
      .meta({ description: 'The VPC that reaches the private endpoints of the clusters.' }),
    subnets: z
      .array(z.string().regex(/^subnet-[0-9a-f]+$/, 'must be the id of a subnet'))
      .min(1)
      .meta({ description: 'Subnets for the Lambdas; name two or more zones.' }),
    securityGroups: z
      .array(z.string().regex(/^sg-[0-9a-f]+$/, 'must be the id of a security group'))
      .min(1)
      .meta({ description: 'Security groups of the Lambdas; the clusters must let them in on 443.' }),
  })
  .meta({ description: 'Set when a cluster has a private endpoint; otherwise Lambdas run outside any VPC.' });

/** The retention times that CloudWatch Logs takes (PutRetentionPolicy, `retentionInDays`), up to ten years. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const Site = z
  .strictObject({
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be an AWS account id of 12 digits, in quotes')
      .meta({ description: 'AWS account id, 12 digits in quotes.', examples: ['123456789012'] }),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as "eu-central-1"')
      .meta({ description: 'AWS region.', examples: ['eu-central-1'] }),
    network: Network.optional(),
    webhook: Webhook,
    permissionsBoundary: z
      .string()
      .regex(
        /^(arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/)?[\w+=,.@/-]{1,512}$/,
        'must be the name or ARN of an IAM policy',
      )
      .optional()
      .meta({ description: 'IAM policy, by name or ARN, that bounds every role Drydock creates.' }),
    rolePath: z
      .string()
      .regex(/^\/([\w+=,.@-]+\/)*$/, 'must begin and end with "/", such as "/platform/"')
      .optional()
      .meta({ description: 'IAM path of every role Drydock creates.', examples: ['/platform/'] }),
    bootstrapQualifier: z
      .string()
      .regex(/^[a-z0-9]{1,10}$/, 'must have 1 to 10 characters of a-z and 0-9')
      .optional()
      .meta({
        description: 'Qualifier that this account was bootstrapped with (`cdk bootstrap --qualifier`).',
      }),
    logRetentionDays: z
      .literal(LOG_RETENTION_DAYS)
      .default(30)
      .meta({ description: 'Days that CloudWatch keeps the logs; one of the numbers CloudWatch takes.' }),
    notifications: z
      .strictObject({
        subscribe: z
          .array(z.email('must be a mail address'))
          .default([])
          .meta({ description: 'Mail addresses subscribed to the topic; each confirms once by mail.' }),
      })
      .prefault({})
      .meta({ description: 'Who hears what Drydock did.' }),
  })
  .meta({ description: 'One account, region and network. Each site gets one stack of its own.' });
export type Site = z.output<typeof Site>;
