import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type NamedSite, siteOf } from '../site.ts';
import { acknowledge } from './compliance.ts';
import { makeLog } from './log-group.ts';
import type { NodeLambda } from './node-lambda.ts';

/** How senders reach the endpoint; without an endpoint there is no construct. */
export type Exposure = Exclude<NamedSite['webhook'], { exposure: 'none' }>;

export interface WebhookEndpointProps {
  /** Takes the events of both kinds of gateway: payload version 2.0 and the REST proxy's, body base64 or not. */
  readonly handler: NodeLambda;
  readonly exposure: Exposure;
}

/** The metrics by which a gateway says what it turned away. */
export interface GatewayMetrics {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly clientErrors: string;
  readonly serverErrors: string;
}

/** One path segment for the sender: `POST /hooks/{source}`. */
const ROUTE = { collection: 'hooks', parameter: '{source}' } as const;

/**
 * Where registries and CI jobs post: on the internet behind an HTTP API, or in a network behind a REST API that only
 * its VPC endpoint reaches. Either hands the handler the raw bytes, which is what signatures are made of.
 */
export class WebhookEndpoint extends Construct {
  /** Without the trailing slash; a sender posts to `<url>/hooks/<source>`. */
  readonly url: string;
  readonly metrics: GatewayMetrics;

  constructor(scope: Construct, id: string, { handler, exposure }: WebhookEndpointProps) {
    super(scope, id);
    const made =
      exposure.exposure === 'public'
        ? makePublicApi(this, handler, exposure.throttle)
        : makePrivateApi(this, handler, exposure.throttle, exposure.vpcEndpoint);
    this.url = made.url;
    this.metrics = made.metrics;
    for (const rule of ['AwsSolutions-APIG4', 'AwsSolutions-COG4'])
      acknowledge(this, rule, AUTHORIZER_REASON);
  }
}

type Throttle = Exposure['throttle'];
type Made = Pick<WebhookEndpoint, 'url' | 'metrics'>;

const makePublicApi = (scope: Construct, handler: NodeLambda, throttle: Throttle): Made => {
  const api = new HttpApi(scope, 'HttpApi', {
    apiName: `drydock-${siteOf(scope).name}-hooks`,
    description: 'Events of registries and CI jobs',
    createDefaultStage: false,
  });
  api.addRoutes({
    path: `/${ROUTE.collection}/${ROUTE.parameter}`,
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration('Door', handler.function),
  });
  const log = makeLog(scope, 'AccessLog', `/aws/vendedlogs/apis/drydock-${siteOf(scope).name}-hooks`);
  new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
    accessLogSettings: { destination: new LogGroupLogDestination(log), format: ACCESS_LOG },
  });
  return {
    url: api.apiEndpoint,
    metrics: { dimensions: { ApiId: api.apiId }, clientErrors: '4xx', serverErrors: '5xx' },
  };
};

/** Who called, what came of it, and why not; no header, since that is where the secret is. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    ip: '$context.identity.sourceIp',
    route: '$context.routeKey',
    status: '$context.status',
    bytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    gatewayError: '$context.error.message',
    integrationError: '$context.integrationErrorMessage',
  }),
);

const makePrivateApi = (
  scope: Construct,
  handler: NodeLambda,
  throttle: Throttle,
  vpcEndpointId: string,
): Made => {
  const name = `drydock-${siteOf(scope).name}-hooks`;
  const vpcEndpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, 'VpcEndpoint', {
    vpcEndpointId,
    port: 443,
  });
  const api = new RestApi(scope, 'RestApi', {
    restApiName: name,
    description: 'Events of registries and CI jobs, from within the network',
    endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints: [vpcEndpoint] },
    policy: onlyFrom(vpcEndpointId),
    // Every body counts as binary and so arrives byte by byte, base64 encoded; as text it would be re-encoded.
    binaryMediaTypes: ['*/*'],
    cloudWatchRole: false,
    deployOptions: {
      stageName: 'v1',
      throttlingRateLimit: throttle.ratePerSecond,
      throttlingBurstLimit: throttle.burst,
      tracingEnabled: true,
      metricsEnabled: true,
      loggingLevel: MethodLoggingLevel.OFF,
    },
  });
  api.root
    .addResource(ROUTE.collection)
    .addResource(ROUTE.parameter)
    .addMethod('POST', new LambdaIntegration(handler.function));
  for (const rule of ['AwsSolutions-APIG1', 'AwsSolutions-APIG6', 'Serverless-APIGWAccessLogging']) {
    acknowledge(scope, rule, ACCOUNT_ROLE_REASON);
  }
  acknowledge(scope, 'AwsSolutions-APIG2', VALIDATION_REASON);
  acknowledge(scope, 'AwsSolutions-APIG3', PRIVATE_REASON);
  return {
    url: api.url.replace(/\/$/, ''),
    metrics: {
      dimensions: { ApiName: name, Stage: 'v1' },
      clientErrors: '4XXError',
      serverErrors: '5XXError',
    },
  };
};

/** Everybody in the network may knock; from elsewhere nobody. The handler asks who it is. */
const onlyFrom = (vpcEndpointId: string): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new AnyPrincipal()],
        actions: ['execute-api:Invoke'],
        resources: ['execute-api:/*'],
        conditions: { StringEquals: { 'aws:SourceVpce': vpcEndpointId } },
      }),
    ],
  });

const AUTHORIZER_REASON =
  'Senders prove themselves by a secret or a signature over the raw body, which only the handler sees; it does so ' +
  'before it parses anything.';
const ACCOUNT_ROLE_REASON =
  'Logs of a REST API need a role that is set once for the whole account and region, and may belong to somebody ' +
  'else. The handler logs each request.';
const VALIDATION_REASON = 'Whatever an authenticated sender posts is kept, so nothing is turned away before.';
const PRIVATE_REASON = 'Only the VPC endpoint reaches it, so a web firewall has nothing to keep out.';
