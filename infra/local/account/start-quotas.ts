import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';
import { listenOnLoopback, stopServing } from '../loopback.ts';
import type { Report } from '../report.ts';
import { readJson } from '../request-body.ts';

/** A quota as a test or a scene sets it. */
export interface Quota {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly value: number;
}

export interface StartQuotas {
  readonly region: string;
  readonly account: string;
  readonly report: Report;
  readonly port?: number;
}

export interface LocalQuotas {
  /** For `AWS_ENDPOINT_URL_SERVICE_QUOTAS`. */
  readonly url: string;
  set(code: string, value: number): void;
  /** The next calls are refused with this exception. */
  fault(error: QuotaFault, times?: number): void;
  stop(): Promise<void>;
}

const STATUS = {
  AccessDeniedException: 400,
  TooManyRequestsException: 429,
  ServiceException: 500,
} as const;
export type QuotaFault = keyof typeof STATUS;

/**
 * What a new account is given of the quotas that an upgrade needs; codes of
 * https://docs.aws.amazon.com/general/latest/gr/ec2-service.html and https://docs.aws.amazon.com/general/latest/gr/ebs-service.html
 */
const QUOTAS: readonly Quota[] = [
  {
    service: 'ec2',
    code: 'L-1216C47A',
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    value: 64,
  },
  {
    service: 'ebs',
    code: 'L-D18FCD1D',
    name: 'Storage for General Purpose SSD (gp2) volumes, in TiB',
    value: 50,
  },
  {
    service: 'ebs',
    code: 'L-7A658B76',
    name: 'Storage for General Purpose SSD (gp3) volumes, in TiB',
    value: 50,
  },
];

const TARGET = 'ServiceQuotasV20190624.';

const Question = z.object({ ServiceCode: z.string(), QuotaCode: z.string() });

/**
 * Starts the stand-in for Service Quotas on a free loopback port: GetServiceQuota and GetAWSDefaultServiceQuota, which
 * no local AWS answers. https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
 *
 * Left out: who calls, lists, requests for more, usage metrics, quotas of a single resource.
 */
export const startQuotas = async (options: StartQuotas): Promise<LocalQuotas> => {
  const quotas = new Map(QUOTAS.map((quota) => [quota.code, quota]));
  const faults: QuotaFault[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, type: string, message: string): void =>
      send(response, status, { __type: type, Message: message });
    const operation = String(request.headers['x-amz-target'] ?? '').replace(TARGET, '');
    const input = Question.safeParse(await readJson(request));
    const fault = faults.shift();
    if (fault) return refuse(STATUS[fault], fault, describeFault(fault, operation));
    if (!/^Get(AWSDefault)?ServiceQuota$/.test(operation)) {
      return refuse(
        400,
        'UnknownOperationException',
        `The local Service Quotas does not answer ${operation}.`,
      );
    }
    if (!input.success) return refuse(400, 'IllegalArgumentException', z.prettifyError(input.error));
    const { ServiceCode, QuotaCode } = input.data;
    const quota = quotas.get(QuotaCode);
    if (quota?.service !== ServiceCode) {
      return refuse(
        400,
        'NoSuchResourceException',
        'The request failed because the specified quota does not exist.',
      );
    }
    send(response, 200, { Quota: describeQuota(quota, options) });
  };
  const url = `http://127.0.0.1:${await listenOnLoopback(server, options.port)}`;
  options.report(`Service Quotas: ready on ${url}`);
  return {
    url,
    set: (code, value) => {
      const quota = quotas.get(code);
      if (!quota) throw new Error(`There is no quota ${code}; there are ${[...quotas.keys()].join(', ')}.`);
      quotas.set(code, { ...quota, value });
    },
    fault: (error, times = 1) => {
      for (let time = 0; time < times; time += 1) faults.push(error);
    },
    stop: () => stopServing(server),
  };
};

const describeQuota = ({ service, code, name, value }: Quota, { region, account }: StartQuotas): object => ({
  ServiceCode: service,
  ServiceName:
    service === 'ec2'
      ? 'Amazon Elastic Compute Cloud (Amazon EC2)'
      : 'Amazon Elastic Block Store (Amazon EBS)',
  QuotaArn: `arn:aws:servicequotas:${region}:${account}:${service}/${code}`,
  QuotaCode: code,
  QuotaName: name,
  Value: value,
  Unit: 'None',
  Adjustable: true,
  GlobalQuota: false,
});

const describeFault = (fault: QuotaFault, operation: string): string =>
  fault === 'AccessDeniedException'
    ? `User: arn:aws:sts::111122223333:assumed-role/drydock/run is not authorized to perform: servicequotas:${operation}`
    : 'Made to fail.';

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
};
