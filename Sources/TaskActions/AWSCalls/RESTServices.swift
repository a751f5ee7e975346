// Printed by scripts/aws-services rest; botocore 1.43.11. Do not edit.

extension ServiceFacts {
  /// Services that speak REST-JSON, by the name that SDK integrations have for them.
  static let restServices: [String: String] = [
    "batch": """
      service Batch batch
      endpoint batch batch
      case camel
      members Annotations:m Args:n Arns:n ArrayProperties:n Attempts:n RetryStrategy.Attempts:p AuthorizationConfig:n CapacityLimits:n CapacityUsage:n Command:n ComputeEnvironmentOrder:n ComputeEnvironments:n ComputeResources:n ConsumableResourceList:n ConsumableResourceProperties:n ConsumableResourcePropertiesOverride:n ConsumableResources:n Container:n ContainerOverrides:n ContainerProperties:n Containers:n DependsOn:n Devices:n Ec2Configuration:n EcsProperties:n EcsPropertiesOverride:n EfsVolumeConfiguration:n EksAttempts:n EksConfiguration:n EksProperties:n EksPropertiesOverride:n EmptyDir:n Env:n Environment:n EphemeralStorage:n EvaluateOnExit:n FairsharePolicy:n FairshareUtilization:n FargatePlatformConfiguration:n Filters:n FirelensConfiguration:n FrontOfQueue:n FrontOfQuotaShares:n Host:n HostPath:n Devices.HostPath:p ImagePullSecrets:n InitContainers:n InstanceTypes:n JobDefinitions:n JobQueues:n JobStateTimeLimitActions:n JobSummaryList:n Jobs:n Labels:m LatestAttempt:n LaunchTemplate:n Limits:m LinuxParameters:n LogConfiguration:n Metadata:n MountOptions:n MountPoints:n NetworkConfiguration:n NetworkInterfaces:n NodeDetails:n NodeOverrides:n NodeProperties:n NodePropertyOverrides:n NodeRangeProperties:n Options:m Overrides:n Parameters:m Permissions:n PersistentVolumeClaim:n PlatformCapabilities:n PodProperties:n PreemptionConfiguration:n PreemptionSummary:n QueueUtilization:n QuotaSharePolicy:n QuotaShareUtilization:n QuotaShares:m ListQuotaShares.QuotaShares:n RecentPreemptedAttempts:n RepositoryCredentials:n Requests:m ResourceRequirements:n ResourceSharingConfiguration:n Resources:n RetryStrategy:n RuntimePlatform:n S3filesVolumeConfiguration:n ScalingPolicy:n SchedulingPolicies:n Secret:n SecretOptions:n Secrets:n SecurityContext:n SecurityGroupIds:n ServiceEnvironmentOrder:n ServiceEnvironments:n ServiceResourceId:n ShareDistribution:n StatusSummary:m Subnets:n TagKeys:n Tags:m TargetInstanceTypes:n TaskProperties:n Timeout:n TimeoutConfig:n Tmpfs:n TopCapacityUtilization:n TotalCapacityUsage:n Ulimits:n UpdatePolicy:n Values:n VolumeMounts:n Volumes:n
      tokens SubmitServiceJob.ClientToken UpdateConsumableResource.ClientToken
      errors ClientException ServerException
      operation CancelJob POST /v1/canceljob
      operation CreateComputeEnvironment POST /v1/createcomputeenvironment
      operation CreateConsumableResource POST /v1/createconsumableresource
      operation CreateJobQueue POST /v1/createjobqueue
      operation CreateQuotaShare POST /v1/createquotashare
      operation CreateSchedulingPolicy POST /v1/createschedulingpolicy
      operation CreateServiceEnvironment POST /v1/createserviceenvironment
      operation DeleteComputeEnvironment POST /v1/deletecomputeenvironment
      operation DeleteConsumableResource POST /v1/deleteconsumableresource
      operation DeleteJobQueue POST /v1/deletejobqueue
      operation DeleteQuotaShare POST /v1/deletequotashare
      operation DeleteSchedulingPolicy POST /v1/deleteschedulingpolicy
      operation DeleteServiceEnvironment POST /v1/deleteserviceenvironment
      operation DeregisterJobDefinition POST /v1/deregisterjobdefinition
      operation DescribeComputeEnvironments POST /v1/describecomputeenvironments
      operation DescribeConsumableResource POST /v1/describeconsumableresource
      operation DescribeJobDefinitions POST /v1/describejobdefinitions
      operation DescribeJobQueues POST /v1/describejobqueues
      operation DescribeJobs POST /v1/describejobs
      operation DescribeQuotaShare POST /v1/describequotashare
      operation DescribeSchedulingPolicies POST /v1/describeschedulingpolicies
      operation DescribeServiceEnvironments POST /v1/describeserviceenvironments
      operation DescribeServiceJob POST /v1/describeservicejob
      operation GetJobQueueSnapshot POST /v1/getjobqueuesnapshot
      operation ListConsumableResources POST /v1/listconsumableresources
      operation ListJobs POST /v1/listjobs
      operation ListJobsByConsumableResource POST /v1/listjobsbyconsumableresource
      operation ListQuotaShares POST /v1/listquotashares
      operation ListSchedulingPolicies POST /v1/listschedulingpolicies
      operation ListServiceJobs POST /v1/listservicejobs
      operation ListTagsForResource GET /v1/tags/{resourceArn} u:ResourceArn=resourceArn
      operation RegisterJobDefinition POST /v1/registerjobdefinition
      operation SubmitJob POST /v1/submitjob
      operation SubmitServiceJob POST /v1/submitservicejob
      operation TagResource POST /v1/tags/{resourceArn} u:ResourceArn=resourceArn
      operation TerminateJob POST /v1/terminatejob
      operation TerminateServiceJob POST /v1/terminateservicejob
      operation UntagResource DELETE /v1/tags/{resourceArn} u:ResourceArn=resourceArn q:TagKeys=tagKeys
      operation UpdateComputeEnvironment POST /v1/updatecomputeenvironment
      operation UpdateConsumableResource POST /v1/updateconsumableresource
      operation UpdateJobQueue POST /v1/updatejobqueue
      operation UpdateQuotaShare POST /v1/updatequotashare
      operation UpdateSchedulingPolicy POST /v1/updateschedulingpolicy
      operation UpdateServiceEnvironment POST /v1/updateserviceenvironment
      operation UpdateServiceJob POST /v1/updateservicejob
      """,
    "bedrockagentruntime": """
      service BedrockAgentRuntime bedrock_agent_runtime
      endpoint bedrock-agent-runtime bedrock
      case camel
      members AccessDeniedException:n ActionGroupExecutor:n ActionGroupInvocationInput:n ActionGroupInvocationOutput:n ActionGroups:n PromptConfigurations.AdditionalModelRequestFields:d AdditionalModelRequestFields:m AgentCollaboratorInvocationInput:n AgentCollaboratorInvocationOutput:n AgentTraces:n AnalyzePromptEvent:n AndAll:n ApiInvocationInput:n ApiResult:n ApiSchema:n Attribution:n Audio:n BadGatewayException:n BedrockModelConfigurations:n BedrockRerankingConfiguration:n ByteContent:n Content.ByteContent:p Bytes:b CallerChain:n Chunk:n Citation:n Citations:n CodeInterpreterInvocationInput:n CodeInterpreterInvocationOutput:n CollaboratorConfigurations:n Collaborators:n Completion:n ConditionNodeResultTrace:n ConditionResultEvent:n ConflictException:n ConfluenceLocation:n RequestBody.Content:m Content:n RawResponse.Content:p ContentBlocks:n ContentPolicy:n ConversationHistory:n CreatedAt:i CustomDocumentLocation:n CustomOrchestration:n CustomOrchestrationTrace:n CustomWords:n Data:b DependencyFailedException:n Document:d Results.Document:n EndTime:i EndedAt:i Equals:n Errors:n Event:n EventTime:i ExecutionChain:n Executor:n ExternalSourcesConfiguration:n FailureTrace:n Fields:n FieldsToExclude:n FieldsToInclude:n Files:n Filter:n Filters:n FinalResponse:n FlowCompletionEvent:n FlowExecutionEvents:n FlowExecutionSummaries:n FlowFailureEvent:n FlowInputEvent:n FlowMultiTurnInputRequestEvent:n FlowOutputEvent:n FlowTraceEvent:n FunctionInvocationInput:n FunctionResult:n FunctionSchema:n Functions:n GeneratedResponsePart:n GenerationConfiguration:n GreaterThan:n GreaterThanOrEquals:n Guardrail:n GuardrailConfiguration:n GuardrailTrace:n Image:n Images:n ImplicitFilterConfiguration:n In:n InferenceConfig:n InferenceConfiguration:n InlineContent:b InlineDocumentSource:n InlineSessionState:n Input:n InputAssessments:n Inputs:n InternalServerException:n InvocationInput:n InvocationInputs:n InvocationStep:n InvocationStepSummaries:n InvocationStepTime:i InvocationSummaries:n JsonDocument:d KendraDocumentLocation:n KnowledgeBaseConfiguration:n KnowledgeBaseConfigurations:n KnowledgeBaseLookupInput:n KnowledgeBaseLookupOutput:n KnowledgeBases:n LastUpdatedAt:i LessThan:n LessThanOrEquals:n ListContains:n Location:n ManagedWordLists:n MemoryContents:n Messages:n RetrievalResults.Metadata:m RetrievedReferences.Metadata:m Metadata:n MetadataAttributes:n MetadataConfiguration:n ModelConfiguration:n ModelInvocationInput:n ModelInvocationOutput:n ModelNotReadyException:n ModelPerformanceConfiguration:n Next:n NodeActionEvent:n NodeActionTrace:n NodeDependencyEvent:n NodeDependencyTrace:n NodeFailureEvent:n NodeInputEvent:n NodeInputTrace:n NodeOutputEvent:n NodeOutputTrace:n NotEquals:n NotIn:n Observation:n OperationRequest:d OperationResponse:d OptimizedPrompt:n OptimizedPromptEvent:n OrAll:n OrchestrationConfiguration:n OrchestrationTrace:n Output:n OutputAssessments:n Functions.Parameters:m Parameters:n ParentActionGroupSignatureParams:m ParsedResponse:n Payload:n ApiSchema.Payload:p PerformanceConfig:n PiiEntities:n PostProcessingTrace:n PreProcessingTrace:n PromptConfigurations:n PromptCreationConfigurations:n PromptOverrideConfiguration:n PromptSessionAttributes:m PromptTemplate:n Properties:n Queries:n QueryGenerationInput:n QueryTransformationConfiguration:n Rationale:n ParsedResponse.Rationale:p RawResponse:n ReasoningContent:n ReasoningText:n RedactedContent:b Regexes:n RepromptResponse:n RequestBody:n RerankingConfiguration:n ResourceNotFoundException:n ResponseBody:m ResponseStream:n Results:n RetrievalConfiguration:n RetrievalQuery:n RetrievalResults:n RetrieveAndGenerateConfiguration:n RetrievedReferences:n ReturnControl:n ReturnControlInvocationResults:n ReturnControlPayload:n ReturnControlResults:n RoutingClassifierTrace:n Row:n S3:n S3Location:n SalesforceLocation:n SatisfiedConditions:n SelectiveModeConfiguration:n SensitiveInformationPolicy:n ServiceQuotaExceededException:n SessionAttributes:m SessionConfiguration:n SessionExpiryTime:i SessionMetadata:m SessionStartTime:i SessionState:n SessionSummaries:n SessionSummary:n SharePointLocation:n Source:n RepromptResponse.Source:p Sources:n Span:n SqlLocation:n StartTime:i StartedAt:i StartsWith:n StopSequences:n Stream:n StreamingConfigurations:n StringContains:n TagKeys:n Tags:m TextDocument:n TextInferenceConfig:n TextPrompt:n TextQuery:n TextResponsePart:n TextToSqlConfiguration:n ThrottlingException:n Timestamp:i TopicPolicy:n Topics:n Trace:n TraceElements:n TransformationConfiguration:n Usage:n ValidationException:n Value:d Content.Value:p Parameters.Value:p Properties.Value:p VectorSearchConfiguration:n Video:n WebLocation:n WordPolicy:n
      errors AccessDeniedException BadGatewayException ConflictException DependencyFailedException InternalServerException ModelNotReadyException ResourceNotFoundException ServiceQuotaExceededException ThrottlingException ValidationException
      operation CreateInvocation PUT /sessions/{sessionIdentifier}/invocations/ u:SessionIdentifier=sessionIdentifier
      operation CreateSession PUT /sessions/
      operation DeleteAgentMemory DELETE /agents/{agentId}/agentAliases/{agentAliasId}/memories u:AgentAliasId=agentAliasId u:AgentId=agentId q:MemoryId=memoryId q:SessionId=sessionId
      operation DeleteSession DELETE /sessions/{sessionIdentifier}/ u:SessionIdentifier=sessionIdentifier
      operation EndSession PATCH /sessions/{sessionIdentifier} u:SessionIdentifier=sessionIdentifier
      operation GenerateQuery POST /generateQuery
      operation GetAgentMemory GET /agents/{agentId}/agentAliases/{agentAliasId}/memories u:AgentAliasId=agentAliasId u:AgentId=agentId q:MaxItems=maxItems q:MemoryId=memoryId q:MemoryType=memoryType q:NextToken=nextToken
      operation GetExecutionFlowSnapshot GET /flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/flowsnapshot u:ExecutionIdentifier=executionIdentifier u:FlowAliasIdentifier=flowAliasIdentifier u:FlowIdentifier=flowIdentifier
      operation GetFlowExecution GET /flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier} u:ExecutionIdentifier=executionIdentifier u:FlowAliasIdentifier=flowAliasIdentifier u:FlowIdentifier=flowIdentifier
      operation GetInvocationStep POST /sessions/{sessionIdentifier}/invocationSteps/{invocationStepId} u:InvocationStepId=invocationStepId u:SessionIdentifier=sessionIdentifier
      operation GetSession GET /sessions/{sessionIdentifier}/ u:SessionIdentifier=sessionIdentifier
      operation ListFlowExecutionEvents GET /flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/events q:EventType=eventType u:ExecutionIdentifier=executionIdentifier u:FlowAliasIdentifier=flowAliasIdentifier u:FlowIdentifier=flowIdentifier q:MaxResults=maxResults q:NextToken=nextToken
      operation ListFlowExecutions GET /flows/{flowIdentifier}/executions q:FlowAliasIdentifier=flowAliasIdentifier u:FlowIdentifier=flowIdentifier q:MaxResults=maxResults q:NextToken=nextToken
      operation ListInvocationSteps POST /sessions/{sessionIdentifier}/invocationSteps/ q:MaxResults=maxResults q:NextToken=nextToken u:SessionIdentifier=sessionIdentifier
      operation ListInvocations POST /sessions/{sessionIdentifier}/invocations/ q:MaxResults=maxResults q:NextToken=nextToken u:SessionIdentifier=sessionIdentifier
      operation ListSessions POST /sessions/ q:MaxResults=maxResults q:NextToken=nextToken
      operation ListTagsForResource GET /tags/{resourceArn} u:ResourceArn=resourceArn
      operation PutInvocationStep PUT /sessions/{sessionIdentifier}/invocationSteps/ u:SessionIdentifier=sessionIdentifier
      operation Rerank POST /rerank
      operation Retrieve POST /knowledgebases/{knowledgeBaseId}/retrieve u:KnowledgeBaseId=knowledgeBaseId
      operation RetrieveAndGenerate POST /retrieveAndGenerate
      operation StartFlowExecution POST /flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions u:FlowAliasIdentifier=flowAliasIdentifier u:FlowIdentifier=flowIdentifier
      operation StopFlowExecution POST /flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/stop u:ExecutionIdentifier=executionIdentifier u:FlowAliasIdentifier=flowAliasIdentifier u:FlowIdentifier=flowIdentifier
      operation TagResource POST /tags/{resourceArn} u:ResourceArn=resourceArn
      operation UntagResource DELETE /tags/{resourceArn} u:ResourceArn=resourceArn q:TagKeys=tagKeys
      operation UpdateSession PUT /sessions/{sessionIdentifier}/ u:SessionIdentifier=sessionIdentifier
      """,
    "bedrockruntime": """
      service BedrockRuntime bedrock_runtime
      endpoint bedrock-runtime bedrock
      case camel
      members AdditionalModelRequestFields:d AdditionalModelResponseFieldPaths:n AdditionalModelResponseFields:d Any:n AppliedGuardrailDetails:n Assessments:n AsyncInvokeSummaries:n Audio:n Auto:n AutomatedReasoningPolicy:n Body:b InvokeModelWithBidirectionalStream.Body:n InvokeModelWithResponseStream.Body:n Bytes:b CacheDetails:n CachePoint:n Chunk:n Citation:n Citations:n CitationsContent:n Claims:n ClaimsFalseScenario:n ClaimsTrueScenario:n Content:n ContentBlockDelta:n ContentBlockStart:n ContentBlockStop:n ContentPolicy:n ContextualGroundingPolicy:n ContradictingRules:n Converse:n CustomWords:n Delta:n DifferenceScenarios:n Document:n DocumentChar:n DocumentChunk:n DocumentPage:n EndTime:i Error:n Filters:n Findings:n GuardContent:n Guardrail:n GuardrailConfig:n GuardrailCoverage:n GuardrailOrigin:n Image:n Images:n Impossible:n InferenceConfig:n Input:d CountTokens.Input:n ToolUse.Input:p InputAssessment:m InputSchema:n InternalServerException:n Invalid:n InvocationMetrics:n InvokeModel:n Json:d JsonSchema:n LastModifiedTime:i Location:n LogicWarning:n ManagedWordLists:n Output.Message:n MessageStart:n MessageStop:n Messages:n Metadata:n Metrics:n ModelInput:d ModelOutput:n ModelStreamErrorException:n ModelTimeoutException:n NoTranslations:n Options:n Output:n OutputAssessments:m OutputConfig:n OutputDataConfig:n Outputs:n PerformanceConfig:n PiiEntities:n Premises:n PromptRouter:n PromptVariables:m Qualifiers:n ReasoningContent:n ReasoningText:n RedactedContent:b Regexes:n RequestMetadata:m S3Location:n S3OutputDataConfig:n Satisfiable:n SearchResult:n SearchResultLocation:n SensitiveInformationPolicy:n ServiceTier:n ServiceUnavailableException:n Source:n ApplyGuardrail.Source:p Citation.Source:p Citations.Source:p SearchResult.Source:p SourceContent:n ContentBlockStart.Start:n Statements:n StopSequences:n Stream:n Structure:n SubmitTime:i SubmitTimeAfter:i SubmitTimeBefore:i SupportingRules:n System:n SystemTool:n Tags:n Content.Text:n GuardContent.Text:n TextCharacters:n TextFormat:n ThrottlingException:n TooComplex:n Tool:n ToolChoice:n ToolConfig:n ToolResult:n ToolSpec:n ToolUse:n Tools:n TopicPolicy:n Topics:n Trace:n GuardrailConfig.Trace:p Translation:n TranslationAmbiguous:n Translations:n UntranslatedClaims:n UntranslatedPremises:n Usage:n Valid:n ValidationException:n Video:n Web:n WordPolicy:n
      tokens StartAsyncInvoke.ClientRequestToken
      errors AccessDeniedException ConflictException InternalServerException ModelErrorException ModelNotReadyException ModelStreamErrorException ModelTimeoutException ResourceNotFoundException ServiceQuotaExceededException ServiceUnavailableException ThrottlingException ValidationException
      operation ApplyGuardrail POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply u:GuardrailIdentifier=guardrailIdentifier u:GuardrailVersion=guardrailVersion
      operation Converse POST /model/{modelId}/converse u:ModelId=modelId
      operation CountTokens POST /model/{modelId}/count-tokens u:ModelId=modelId
      operation GetAsyncInvoke GET /async-invoke/{invocationArn} u:InvocationArn=invocationArn
      operation InvokeModel POST /model/{modelId}/invoke h:ContentType=Content-Type h:Accept=Accept u:ModelId=modelId h:Trace=X-Amzn-Bedrock-Trace h:GuardrailIdentifier=X-Amzn-Bedrock-GuardrailIdentifier h:GuardrailVersion=X-Amzn-Bedrock-GuardrailVersion h:PerformanceConfigLatency=X-Amzn-Bedrock-PerformanceConfig-Latency h:ServiceTier=X-Amzn-Bedrock-Service-Tier p:Body rh:ContentType=Content-Type rh:PerformanceConfigLatency=X-Amzn-Bedrock-PerformanceConfig-Latency rh:ServiceTier=X-Amzn-Bedrock-Service-Tier rp:Body
      operation ListAsyncInvokes GET /async-invoke q:SubmitTimeAfter=submitTimeAfter q:SubmitTimeBefore=submitTimeBefore q:StatusEquals=statusEquals q:MaxResults=maxResults q:NextToken=nextToken q:SortBy=sortBy q:SortOrder=sortOrder
      operation StartAsyncInvoke POST /async-invoke
      """,
    "eks": """
      service Eks eks
      endpoint eks eks
      case camel
      members AccessConfig:n AccessEntries:n AccessEntry:n AccessPolicies:n AccessScope:n ActivationExpiry:t AddOrUpdateLabels:m AddOrUpdateRoleMappings:n AddOrUpdateTaints:n AdditionalInfo:m Addon:n AddonCompatibilityDetails:n AddonVersions:n Addons:n Architecture:n ArgoCd:n AssociatedAccessPolicies:n AssociatedAccessPolicy:n AssociatedAt:t Association:n Associations:n AutoScalingGroups:n AwsIdc:n BlockStorage:n Capabilities:n Capability:n Categories:n CategorySpecificSummary:n CertificateAuthority:n Cidrs:n ClientStats:n Cluster:n ClusterLogging:n ClusterVersions:n DescribeClusterVersions.ClusterVersions:n Clusters:n Compatibilities:n CompatibleVersions:n ComputeConfig:n ComputeTypes:n Configuration:n ConnectorConfig:n ControlPlanePlacement:n ControlPlaneScalingConfig:n CreatedAt:t DeprecationDetails:n EffectiveDate:t ElasticLoadBalancing:n EncryptionConfig:n EndOfExtendedSupportDate:t EndOfStandardSupportDate:t EndedAt:t Errors:n ExpirationDate:t FargateProfile:n FargateProfileNames:n Filter:n Health:n Identities:n Identity:n IdentityProviderConfig:n IdentityProviderConfigs:n Include:n IncludeStatus:n Insight:n InsightStatus:n Insights:n InstanceTypes:n Issues:n KubernetesGroups:n KubernetesNetworkConfig:n KubernetesVersions:n Labels:m UpdateNodegroupConfig.Labels:n LastRefreshTime:t LastRequestTime:t LastTransitionTime:t LaunchTemplate:n LicenseArns:n Licenses:n Logging:n MarketplaceInformation:n ModifiedAt:t NamespaceConfig:n Namespaces:n NetworkAccess:n NodePools:n NodeRepairConfig:n NodeRepairConfigOverrides:n Nodegroup:n Nodegroups:n Oidc:n OutpostArns:n OutpostConfig:n Owners:n Params:n PlatformVersions:n PodIdentityAssociations:n PodIdentityConfiguration:n Provider:n ConnectorConfig.Provider:p PublicAccessCidrs:n Publishers:n RbacRoleMappings:n RecommendedManagedPolicies:n ReleaseDate:t RemoteAccess:n RemoteNetworkConfig:n RemoteNodeNetworks:n RemotePodNetworks:n RemoveLabels:n RemoveRoleMappings:n RemoveTaints:n RequiredClaims:m ResourceIds:n Resources:n ResourcesVpcConfig:n ScalingConfig:n SecurityGroupIds:n Selectors:n SourceSecurityGroups:n StartedAt:t Statuses:n StorageConfig:n SubnetIds:n Subnets:n Subscription:n Subscriptions:n TagKeys:n Tags:m Taints:n Term:n Types:n DescribeAddonVersions.Types:n Update:n UpdateConfig:n UpdateIds:n UpgradePolicy:n VpceIds:n WarmPoolConfig:n ZonalShiftConfig:n
      tokens AssociateEncryptionConfig.ClientRequestToken AssociateIdentityProviderConfig.ClientRequestToken CreateAccessEntry.ClientRequestToken CreateAddon.ClientRequestToken CreateCapability.ClientRequestToken CreateCluster.ClientRequestToken CreateEksAnywhereSubscription.ClientRequestToken CreateFargateProfile.ClientRequestToken CreateNodegroup.ClientRequestToken CreatePodIdentityAssociation.ClientRequestToken DisassociateIdentityProviderConfig.ClientRequestToken RegisterCluster.ClientRequestToken UpdateAccessEntry.ClientRequestToken UpdateAddon.ClientRequestToken UpdateCapability.ClientRequestToken UpdateClusterConfig.ClientRequestToken UpdateClusterVersion.ClientRequestToken UpdateEksAnywhereSubscription.ClientRequestToken UpdateNodegroupConfig.ClientRequestToken UpdateNodegroupVersion.ClientRequestToken UpdatePodIdentityAssociation.ClientRequestToken
      errors AccessDeniedException BadRequestException ClientException InvalidParameterException InvalidRequestException InvalidStateException NotFoundException ResourceInUseException ResourceLimitExceededException ResourceNotFoundException ResourcePropagationDelayException ServerException ServiceUnavailableException ThrottlingException UnsupportedAvailabilityZoneException
      operation AssociateAccessPolicy POST /clusters/{name}/access-entries/{principalArn}/access-policies u:ClusterName=name u:PrincipalArn=principalArn
      operation AssociateEncryptionConfig POST /clusters/{name}/encryption-config/associate u:ClusterName=name
      operation AssociateIdentityProviderConfig POST /clusters/{name}/identity-provider-configs/associate u:ClusterName=name
      operation CreateAccessEntry POST /clusters/{name}/access-entries u:ClusterName=name
      operation CreateAddon POST /clusters/{name}/addons u:ClusterName=name
      operation CreateCapability POST /clusters/{name}/capabilities u:ClusterName=name
      operation CreateCluster POST /clusters
      operation CreateEksAnywhereSubscription POST /eks-anywhere-subscriptions
      operation CreateFargateProfile POST /clusters/{name}/fargate-profiles u:ClusterName=name
      operation CreateNodegroup POST /clusters/{name}/node-groups u:ClusterName=name
      operation CreatePodIdentityAssociation POST /clusters/{name}/pod-identity-associations u:ClusterName=name
      operation DeleteAccessEntry DELETE /clusters/{name}/access-entries/{principalArn} u:ClusterName=name u:PrincipalArn=principalArn
      operation DeleteAddon DELETE /clusters/{name}/addons/{addonName} u:ClusterName=name u:AddonName=addonName q:Preserve=preserve
      operation DeleteCapability DELETE /clusters/{name}/capabilities/{capabilityName} u:ClusterName=name u:CapabilityName=capabilityName
      operation DeleteCluster DELETE /clusters/{name} u:Name=name
      operation DeleteEksAnywhereSubscription DELETE /eks-anywhere-subscriptions/{id} u:Id=id
      operation DeleteFargateProfile DELETE /clusters/{name}/fargate-profiles/{fargateProfileName} u:ClusterName=name u:FargateProfileName=fargateProfileName
      operation DeleteNodegroup DELETE /clusters/{name}/node-groups/{nodegroupName} u:ClusterName=name u:NodegroupName=nodegroupName
      operation DeletePodIdentityAssociation DELETE /clusters/{name}/pod-identity-associations/{associationId} u:ClusterName=name u:AssociationId=associationId
      operation DeregisterCluster DELETE /cluster-registrations/{name} u:Name=name
      operation DescribeAccessEntry GET /clusters/{name}/access-entries/{principalArn} u:ClusterName=name u:PrincipalArn=principalArn
      operation DescribeAddon GET /clusters/{name}/addons/{addonName} u:ClusterName=name u:AddonName=addonName
      operation DescribeAddonConfiguration GET /addons/configuration-schemas q:AddonName=addonName q:AddonVersion=addonVersion
      operation DescribeAddonVersions GET /addons/supported-versions q:KubernetesVersion=kubernetesVersion q:MaxResults=maxResults q:NextToken=nextToken q:AddonName=addonName q:Types=types q:Publishers=publishers q:Owners=owners
      operation DescribeCapability GET /clusters/{name}/capabilities/{capabilityName} u:ClusterName=name u:CapabilityName=capabilityName
      operation DescribeCluster GET /clusters/{name} u:Name=name
      operation DescribeClusterVersions GET /cluster-versions q:ClusterType=clusterType q:MaxResults=maxResults q:NextToken=nextToken q:DefaultOnly=defaultOnly q:IncludeAll=includeAll q:ClusterVersions=clusterVersions q:Status=status q:VersionStatus=versionStatus
      operation DescribeEksAnywhereSubscription GET /eks-anywhere-subscriptions/{id} u:Id=id
      operation DescribeFargateProfile GET /clusters/{name}/fargate-profiles/{fargateProfileName} u:ClusterName=name u:FargateProfileName=fargateProfileName
      operation DescribeIdentityProviderConfig POST /clusters/{name}/identity-provider-configs/describe u:ClusterName=name
      operation DescribeInsight GET /clusters/{name}/insights/{id} u:ClusterName=name u:Id=id
      operation DescribeInsightsRefresh GET /clusters/{name}/insights-refresh u:ClusterName=name
      operation DescribeNodegroup GET /clusters/{name}/node-groups/{nodegroupName} u:ClusterName=name u:NodegroupName=nodegroupName
      operation DescribePodIdentityAssociation GET /clusters/{name}/pod-identity-associations/{associationId} u:ClusterName=name u:AssociationId=associationId
      operation DescribeUpdate GET /clusters/{name}/updates/{updateId} u:Name=name u:UpdateId=updateId q:NodegroupName=nodegroupName q:AddonName=addonName q:CapabilityName=capabilityName
      operation DisassociateAccessPolicy DELETE /clusters/{name}/access-entries/{principalArn}/access-policies/{policyArn} u:ClusterName=name u:PrincipalArn=principalArn u:PolicyArn=policyArn
      operation DisassociateIdentityProviderConfig POST /clusters/{name}/identity-provider-configs/disassociate u:ClusterName=name
      operation ListAccessEntries GET /clusters/{name}/access-entries u:ClusterName=name q:AssociatedPolicyArn=associatedPolicyArn q:MaxResults=maxResults q:NextToken=nextToken
      operation ListAccessPolicies GET /access-policies q:MaxResults=maxResults q:NextToken=nextToken
      operation ListAddons GET /clusters/{name}/addons u:ClusterName=name q:MaxResults=maxResults q:NextToken=nextToken
      operation ListAssociatedAccessPolicies GET /clusters/{name}/access-entries/{principalArn}/access-policies u:ClusterName=name u:PrincipalArn=principalArn q:MaxResults=maxResults q:NextToken=nextToken
      operation ListCapabilities GET /clusters/{name}/capabilities u:ClusterName=name q:NextToken=nextToken q:MaxResults=maxResults
      operation ListClusters GET /clusters q:MaxResults=maxResults q:NextToken=nextToken q:Include=include
      operation ListEksAnywhereSubscriptions GET /eks-anywhere-subscriptions q:MaxResults=maxResults q:NextToken=nextToken q:IncludeStatus=includeStatus
      operation ListFargateProfiles GET /clusters/{name}/fargate-profiles u:ClusterName=name q:MaxResults=maxResults q:NextToken=nextToken
      operation ListIdentityProviderConfigs GET /clusters/{name}/identity-provider-configs u:ClusterName=name q:MaxResults=maxResults q:NextToken=nextToken
      operation ListInsights POST /clusters/{name}/insights u:ClusterName=name
      operation ListNodegroups GET /clusters/{name}/node-groups u:ClusterName=name q:MaxResults=maxResults q:NextToken=nextToken
      operation ListPodIdentityAssociations GET /clusters/{name}/pod-identity-associations u:ClusterName=name q:Namespace=namespace q:ServiceAccount=serviceAccount q:MaxResults=maxResults q:NextToken=nextToken
      operation ListTagsForResource GET /tags/{resourceArn} u:ResourceArn=resourceArn
      operation ListUpdates GET /clusters/{name}/updates u:Name=name q:NodegroupName=nodegroupName q:AddonName=addonName q:CapabilityName=capabilityName q:NextToken=nextToken q:MaxResults=maxResults
      operation RegisterCluster POST /cluster-registrations
      operation StartInsightsRefresh POST /clusters/{name}/insights-refresh u:ClusterName=name
      operation TagResource POST /tags/{resourceArn} u:ResourceArn=resourceArn
      operation UntagResource DELETE /tags/{resourceArn} u:ResourceArn=resourceArn q:TagKeys=tagKeys
      operation UpdateAccessEntry POST /clusters/{name}/access-entries/{principalArn} u:ClusterName=name u:PrincipalArn=principalArn
      operation UpdateAddon POST /clusters/{name}/addons/{addonName}/update u:ClusterName=name u:AddonName=addonName
      operation UpdateCapability POST /clusters/{name}/capabilities/{capabilityName} u:ClusterName=name u:CapabilityName=capabilityName
      operation UpdateClusterConfig POST /clusters/{name}/update-config u:Name=name
      operation UpdateClusterVersion POST /clusters/{name}/updates u:Name=name
      operation UpdateEksAnywhereSubscription POST /eks-anywhere-subscriptions/{id} u:Id=id
      operation UpdateNodegroupConfig POST /clusters/{name}/node-groups/{nodegroupName}/update-config u:ClusterName=name u:NodegroupName=nodegroupName
      operation UpdateNodegroupVersion POST /clusters/{name}/node-groups/{nodegroupName}/update-version u:ClusterName=name u:NodegroupName=nodegroupName
      operation UpdatePodIdentityAssociation POST /clusters/{name}/pod-identity-associations/{associationId} u:ClusterName=name u:AssociationId=associationId
      """,
    "emrserverless": """
      service EmrServerless emr_serverless
      endpoint emr-serverless emr-serverless
      case camel
      members Application:n ApplicationConfiguration:n Applications:n AttemptCreatedAt:t AttemptUpdatedAt:t AuthTokenExpiresAt:t AutoStartConfiguration:n AutoStopConfiguration:n BilledResourceUtilization:n CloudWatchLoggingConfiguration:n ConfigurationOverrides:n Configurations:n CreatedAt:t CreatedAtAfter:t CreatedAtBefore:t DiskEncryptionConfiguration:n EncryptionContext:m EndedAt:t EntryPointArguments:n ExecutionIamPolicy:n Hive:n IdentityCenterConfiguration:n IdleSince:t ImageConfiguration:n InitialCapacity:m InteractiveConfiguration:n JobCreatedAt:t JobDriver:n JobLevelCostAllocationConfiguration:n JobRun:n JobRunAttempts:n JobRuns:n LogTypes:m ManagedPersistenceMonitoringConfiguration:n MaximumCapacity:n MonitoringConfiguration:n NetworkConfiguration:n PolicyArns:n PrometheusMonitoringConfiguration:n Properties:m RetryPolicy:n RuntimeConfiguration:n S3MonitoringConfiguration:n SchedulerConfiguration:n SecurityGroupIds:n Session:n Sessions:n SparkSubmit:n StartedAt:t States:n SubnetIds:n TagKeys:n Tags:m TotalResourceUtilization:n UpdatedAt:t WorkerConfiguration:n WorkerTypeSpecifications:m
      tokens CreateApplication.ClientToken StartJobRun.ClientToken StartSession.ClientToken UpdateApplication.ClientToken
      errors ConflictException InternalServerException ResourceNotFoundException ServiceQuotaExceededException ValidationException
      operation CancelJobRun DELETE /applications/{applicationId}/jobruns/{jobRunId} u:ApplicationId=applicationId u:JobRunId=jobRunId q:ShutdownGracePeriodInSeconds=shutdownGracePeriodInSeconds
      operation CreateApplication POST /applications
      operation DeleteApplication DELETE /applications/{applicationId} u:ApplicationId=applicationId
      operation GetApplication GET /applications/{applicationId} u:ApplicationId=applicationId
      operation GetDashboardForJobRun GET /applications/{applicationId}/jobruns/{jobRunId}/dashboard u:ApplicationId=applicationId u:JobRunId=jobRunId q:Attempt=attempt q:AccessSystemProfileLogs=accessSystemProfileLogs
      operation GetJobRun GET /applications/{applicationId}/jobruns/{jobRunId} u:ApplicationId=applicationId u:JobRunId=jobRunId q:Attempt=attempt
      operation GetResourceDashboard GET /applications/{applicationId}/dashboard u:ApplicationId=applicationId q:ResourceId=resourceId q:ResourceType=resourceType
      operation GetSession GET /applications/{applicationId}/sessions/{sessionId} u:ApplicationId=applicationId u:SessionId=sessionId
      operation GetSessionEndpoint GET /applications/{applicationId}/sessions/{sessionId}/endpoint u:ApplicationId=applicationId u:SessionId=sessionId
      operation ListApplications GET /applications q:NextToken=nextToken q:MaxResults=maxResults q:States=states
      operation ListJobRunAttempts GET /applications/{applicationId}/jobruns/{jobRunId}/attempts u:ApplicationId=applicationId u:JobRunId=jobRunId q:NextToken=nextToken q:MaxResults=maxResults
      operation ListJobRuns GET /applications/{applicationId}/jobruns u:ApplicationId=applicationId q:NextToken=nextToken q:MaxResults=maxResults q:CreatedAtAfter=createdAtAfter q:CreatedAtBefore=createdAtBefore q:States=states q:Mode=mode
      operation ListSessions GET /applications/{applicationId}/sessions u:ApplicationId=applicationId q:NextToken=nextToken q:MaxResults=maxResults q:States=states q:CreatedAtAfter=createdAtAfter q:CreatedAtBefore=createdAtBefore
      operation ListTagsForResource GET /tags/{resourceArn} u:ResourceArn=resourceArn
      operation StartApplication POST /applications/{applicationId}/start u:ApplicationId=applicationId
      operation StartJobRun POST /applications/{applicationId}/jobruns u:ApplicationId=applicationId
      operation StartSession POST /applications/{applicationId}/sessions u:ApplicationId=applicationId
      operation StopApplication POST /applications/{applicationId}/stop u:ApplicationId=applicationId
      operation TagResource POST /tags/{resourceArn} u:ResourceArn=resourceArn
      operation TerminateSession DELETE /applications/{applicationId}/sessions/{sessionId} u:ApplicationId=applicationId u:SessionId=sessionId
      operation UntagResource DELETE /tags/{resourceArn} u:ResourceArn=resourceArn q:TagKeys=tagKeys
      operation UpdateApplication PATCH /applications/{applicationId} u:ApplicationId=applicationId
      """,
    "lambda": """
      service Lambda lambda
      endpoint lambda lambda
      case pascal
      members AccessConfigs:n AccountLimit:n AccountUsage:n AdditionalVersionWeights:m Aliases:n AllowHeaders:n AllowMethods:n AllowOrigins:n AllowedInstanceTypes:n AllowedPublishers:n AmazonManagedKafkaEventSourceConfig:n AppliedFunctionScalingConfig:n Architectures:n CallbackDetails:n CallbackFailedDetails:n CallbackOptions:n CallbackStartedDetails:n CallbackSucceededDetails:n CallbackTimedOutDetails:n CapacityProvider:n CapacityProviderConfig:n CapacityProviderScalingConfig:n CapacityProviders:n ChainedInvokeDetails:n ChainedInvokeFailedDetails:n ChainedInvokeOptions:n ChainedInvokeStartedDetails:n ChainedInvokeStoppedDetails:n ChainedInvokeSucceededDetails:n ChainedInvokeTimedOutDetails:n Code:n CodeSigningConfig:n CodeSigningConfigs:n CodeSigningPolicies:n Command:n CompatibleArchitectures:n CompatibleRuntimes:n Concurrency:n Configuration:n Content:n ContextDetails:n ContextFailedDetails:n ContextOptions:n ContextStartedDetails:n ContextSucceededDetails:n Cors:n DeadLetterConfig:n DestinationConfig:n DocumentDBEventSourceConfig:n DurableConfig:n DurableExecutions:n EndTimestamp:t Endpoints:m EntryPoint:n Environment:n EphemeralStorage:n Error:n EventSourceMappings:n EventStream:n EventTimestamp:t Events:n ExcludedInstanceTypes:n ExecutionDetails:n ExecutionFailedDetails:n ExecutionStartedDetails:n ExecutionStoppedDetails:n ExecutionSucceededDetails:n ExecutionTimedOutDetails:n ExposeHeaders:n FileSystemConfigs:n FilterCriteria:n FilterCriteriaError:n Filters:n FunctionArns:n FunctionEventInvokeConfigs:n FunctionResponseTypes:n FunctionScalingConfig:n FunctionUrlConfigs:n FunctionVersions:n Functions:n ImageConfig:n ImageConfigResponse:n Input:n InstanceRequirements:n InvocationCompletedDetails:n InvokeArgs:b InvokeComplete:n LambdaManagedInstancesCapacityProviderConfig:n CreateEventSourceMapping.LastModified:t DeleteEventSourceMapping.LastModified:t EventSourceMappings.LastModified:t FunctionEventInvokeConfigs.LastModified:t GetEventSourceMapping.LastModified:t GetFunctionEventInvokeConfig.LastModified:t PutFunctionEventInvokeConfig.LastModified:t UpdateEventSourceMapping.LastModified:t UpdateFunctionEventInvokeConfig.LastModified:t LatestMatchingVersion:n LayerVersions:n Layers:n LoggingConfig:n Metrics:n MetricsConfig:n NewExecutionState:n NextAttemptTimestamp:t OnFailure:n OnSuccess:n Operations:n Payload:b Error.Payload:n Input.Payload:p Result.Payload:p Updates.Payload:p PayloadChunk:n PermissionsConfig:n ProvisionedConcurrencyConfigs:n ProvisionedPollerConfig:n Queues:n RequestedFunctionScalingConfig:n SendDurableExecutionCallbackSuccess.Result:b Result:n CallbackDetails.Result:p ChainedInvokeDetails.Result:p ContextDetails.Result:p GetDurableExecution.Result:p StepDetails.Result:p RetryDetails:n RoutingConfig:n RuntimeVersionConfig:n ScalingConfig:n ScalingPolicies:n ScheduledEndTimestamp:t SchemaRegistryConfig:n SchemaValidationConfigs:n SecurityGroupIds:n SelfManagedEventSource:n SelfManagedKafkaEventSourceConfig:n SigningProfileVersionArns:n SnapStart:n SourceAccessConfigurations:n StackTrace:n StartTimestamp:t StartedAfter:t StartedBefore:t StartingPositionTimestamp:t Statuses:n StepDetails:n StepFailedDetails:n StepOptions:n StepStartedDetails:n StepSucceededDetails:n StopTimestamp:t SubnetIds:n TagKeys:n Tags:m TagsError:n TenancyConfig:n Topics:n TraceHeader:n TracingConfig:n Updates:n Variables:m Versions:n VpcConfig:n WaitCancelledDetails:n WaitDetails:n WaitOptions:n WaitStartedDetails:n WaitSucceededDetails:n ZipFile:b
      tokens CheckpointDurableExecution.ClientToken
      errors CallbackTimeoutException CapacityProviderLimitExceededException CodeSigningConfigNotFoundException CodeStorageExceededException CodeVerificationFailedException DurableExecutionAlreadyStartedException EC2AccessDeniedException EC2ThrottledException EC2UnexpectedException EFSIOException EFSMountConnectivityException EFSMountFailureException EFSMountTimeoutException ENILimitReachedException FunctionVersionsPerCapacityProviderLimitExceededException InvalidCodeSignatureException InvalidParameterValueException InvalidRequestContentException InvalidRuntimeException InvalidSecurityGroupIDException InvalidSubnetIDException InvalidZipFileException KMSAccessDeniedException KMSDisabledException KMSInvalidStateException KMSNotFoundException NoPublishedVersionException PolicyLengthExceededException PreconditionFailedException ProvisionedConcurrencyConfigNotFoundException RecursiveInvocationException RequestTooLargeException ResourceConflictException ResourceInUseException ResourceNotFoundException ResourceNotReadyException S3FilesMountConnectivityException S3FilesMountFailureException S3FilesMountTimeoutException SerializedRequestEntityTooLargeException ServiceException SnapStartException SnapStartNotReadyException SnapStartTimeoutException SubnetIPAddressLimitReachedException TooManyRequestsException UnsupportedMediaTypeException
      operation AddLayerVersionPermission POST /2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy u:LayerName=LayerName u:VersionNumber=VersionNumber q:RevisionId=RevisionId
      operation AddPermission POST /2015-03-31/functions/{FunctionName}/policy u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation CheckpointDurableExecution POST /2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint u:DurableExecutionArn=DurableExecutionArn
      operation CreateAlias POST /2015-03-31/functions/{FunctionName}/aliases u:FunctionName=FunctionName
      operation CreateCapacityProvider POST /2025-11-30/capacity-providers
      operation CreateCodeSigningConfig POST /2020-04-22/code-signing-configs
      operation CreateEventSourceMapping POST /2015-03-31/event-source-mappings
      operation CreateFunction POST /2015-03-31/functions
      operation CreateFunctionUrlConfig POST /2021-10-31/functions/{FunctionName}/url u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation DeleteAlias DELETE /2015-03-31/functions/{FunctionName}/aliases/{Name} u:FunctionName=FunctionName u:Name=Name
      operation DeleteCapacityProvider DELETE /2025-11-30/capacity-providers/{CapacityProviderName} u:CapacityProviderName=CapacityProviderName
      operation DeleteCodeSigningConfig DELETE /2020-04-22/code-signing-configs/{CodeSigningConfigArn} u:CodeSigningConfigArn=CodeSigningConfigArn
      operation DeleteEventSourceMapping DELETE /2015-03-31/event-source-mappings/{UUID} u:UUID=UUID
      operation DeleteFunction DELETE /2015-03-31/functions/{FunctionName} u:FunctionName=FunctionName q:Qualifier=Qualifier rs:StatusCode
      operation DeleteFunctionCodeSigningConfig DELETE /2020-06-30/functions/{FunctionName}/code-signing-config u:FunctionName=FunctionName
      operation DeleteFunctionConcurrency DELETE /2017-10-31/functions/{FunctionName}/concurrency u:FunctionName=FunctionName
      operation DeleteFunctionEventInvokeConfig DELETE /2019-09-25/functions/{FunctionName}/event-invoke-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation DeleteFunctionUrlConfig DELETE /2021-10-31/functions/{FunctionName}/url u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation DeleteLayerVersion DELETE /2018-10-31/layers/{LayerName}/versions/{VersionNumber} u:LayerName=LayerName u:VersionNumber=VersionNumber
      operation DeleteProvisionedConcurrencyConfig DELETE /2019-09-30/functions/{FunctionName}/provisioned-concurrency u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetAccountSettings GET /2016-08-19/account-settings
      operation GetAlias GET /2015-03-31/functions/{FunctionName}/aliases/{Name} u:FunctionName=FunctionName u:Name=Name
      operation GetCapacityProvider GET /2025-11-30/capacity-providers/{CapacityProviderName} u:CapacityProviderName=CapacityProviderName
      operation GetCodeSigningConfig GET /2020-04-22/code-signing-configs/{CodeSigningConfigArn} u:CodeSigningConfigArn=CodeSigningConfigArn
      operation GetDurableExecution GET /2025-12-01/durable-executions/{DurableExecutionArn} u:DurableExecutionArn=DurableExecutionArn
      operation GetDurableExecutionHistory GET /2025-12-01/durable-executions/{DurableExecutionArn}/history u:DurableExecutionArn=DurableExecutionArn q:IncludeExecutionData=IncludeExecutionData q:MaxItems=MaxItems q:Marker=Marker q:ReverseOrder=ReverseOrder
      operation GetDurableExecutionState GET /2025-12-01/durable-executions/{DurableExecutionArn}/state u:DurableExecutionArn=DurableExecutionArn q:CheckpointToken=CheckpointToken q:Marker=Marker q:MaxItems=MaxItems
      operation GetEventSourceMapping GET /2015-03-31/event-source-mappings/{UUID} u:UUID=UUID
      operation GetFunction GET /2015-03-31/functions/{FunctionName} u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetFunctionCodeSigningConfig GET /2020-06-30/functions/{FunctionName}/code-signing-config u:FunctionName=FunctionName
      operation GetFunctionConcurrency GET /2019-09-30/functions/{FunctionName}/concurrency u:FunctionName=FunctionName
      operation GetFunctionConfiguration GET /2015-03-31/functions/{FunctionName}/configuration u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetFunctionEventInvokeConfig GET /2019-09-25/functions/{FunctionName}/event-invoke-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetFunctionRecursionConfig GET /2024-08-31/functions/{FunctionName}/recursion-config u:FunctionName=FunctionName
      operation GetFunctionScalingConfig GET /2025-11-30/functions/{FunctionName}/function-scaling-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetFunctionUrlConfig GET /2021-10-31/functions/{FunctionName}/url u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetLayerVersion GET /2018-10-31/layers/{LayerName}/versions/{VersionNumber} u:LayerName=LayerName u:VersionNumber=VersionNumber
      operation GetLayerVersionByArn GET /2018-10-31/layers?find=LayerVersion q:Arn=Arn
      operation GetLayerVersionPolicy GET /2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy u:LayerName=LayerName u:VersionNumber=VersionNumber
      operation GetPolicy GET /2015-03-31/functions/{FunctionName}/policy u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetProvisionedConcurrencyConfig GET /2019-09-30/functions/{FunctionName}/provisioned-concurrency u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation GetRuntimeManagementConfig GET /2021-07-20/functions/{FunctionName}/runtime-management-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation Invoke POST /2015-03-31/functions/{FunctionName}/invocations u:FunctionName=FunctionName h:InvocationType=X-Amz-Invocation-Type h:LogType=X-Amz-Log-Type h:ClientContext=X-Amz-Client-Context h:DurableExecutionName=X-Amz-Durable-Execution-Name q:Qualifier=Qualifier h:TenantId=X-Amz-Tenant-Id p:Payload rs:StatusCode rh:FunctionError=X-Amz-Function-Error rh:LogResult=X-Amz-Log-Result rh:ExecutedVersion=X-Amz-Executed-Version rh:DurableExecutionArn=X-Amz-Durable-Execution-Arn rp:Payload
      operation InvokeAsync POST /2014-11-13/functions/{FunctionName}/invoke-async u:FunctionName=FunctionName p:InvokeArgs rs:Status
      operation ListAliases GET /2015-03-31/functions/{FunctionName}/aliases u:FunctionName=FunctionName q:FunctionVersion=FunctionVersion q:Marker=Marker q:MaxItems=MaxItems
      operation ListCapacityProviders GET /2025-11-30/capacity-providers q:State=State q:Marker=Marker q:MaxItems=MaxItems
      operation ListCodeSigningConfigs GET /2020-04-22/code-signing-configs q:Marker=Marker q:MaxItems=MaxItems
      operation ListDurableExecutionsByFunction GET /2025-12-01/functions/{FunctionName}/durable-executions u:FunctionName=FunctionName q:Qualifier=Qualifier q:DurableExecutionName=DurableExecutionName q:Statuses=Statuses q:StartedAfter=StartedAfter q:StartedBefore=StartedBefore q:ReverseOrder=ReverseOrder q:Marker=Marker q:MaxItems=MaxItems
      operation ListEventSourceMappings GET /2015-03-31/event-source-mappings q:EventSourceArn=EventSourceArn q:FunctionName=FunctionName q:Marker=Marker q:MaxItems=MaxItems
      operation ListFunctionEventInvokeConfigs GET /2019-09-25/functions/{FunctionName}/event-invoke-config/list u:FunctionName=FunctionName q:Marker=Marker q:MaxItems=MaxItems
      operation ListFunctionUrlConfigs GET /2021-10-31/functions/{FunctionName}/urls u:FunctionName=FunctionName q:Marker=Marker q:MaxItems=MaxItems
      operation ListFunctionVersionsByCapacityProvider GET /2025-11-30/capacity-providers/{CapacityProviderName}/function-versions u:CapacityProviderName=CapacityProviderName q:Marker=Marker q:MaxItems=MaxItems
      operation ListFunctions GET /2015-03-31/functions q:MasterRegion=MasterRegion q:FunctionVersion=FunctionVersion q:Marker=Marker q:MaxItems=MaxItems
      operation ListFunctionsByCodeSigningConfig GET /2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions u:CodeSigningConfigArn=CodeSigningConfigArn q:Marker=Marker q:MaxItems=MaxItems
      operation ListLayerVersions GET /2018-10-31/layers/{LayerName}/versions q:CompatibleRuntime=CompatibleRuntime u:LayerName=LayerName q:Marker=Marker q:MaxItems=MaxItems q:CompatibleArchitecture=CompatibleArchitecture
      operation ListLayers GET /2018-10-31/layers q:CompatibleRuntime=CompatibleRuntime q:Marker=Marker q:MaxItems=MaxItems q:CompatibleArchitecture=CompatibleArchitecture
      operation ListProvisionedConcurrencyConfigs GET /2019-09-30/functions/{FunctionName}/provisioned-concurrency?List=ALL u:FunctionName=FunctionName q:Marker=Marker q:MaxItems=MaxItems
      operation ListTags GET /2017-03-31/tags/{Resource} u:Resource=Resource
      operation ListVersionsByFunction GET /2015-03-31/functions/{FunctionName}/versions u:FunctionName=FunctionName q:Marker=Marker q:MaxItems=MaxItems
      operation PublishLayerVersion POST /2018-10-31/layers/{LayerName}/versions u:LayerName=LayerName
      operation PublishVersion POST /2015-03-31/functions/{FunctionName}/versions u:FunctionName=FunctionName
      operation PutFunctionCodeSigningConfig PUT /2020-06-30/functions/{FunctionName}/code-signing-config u:FunctionName=FunctionName
      operation PutFunctionConcurrency PUT /2017-10-31/functions/{FunctionName}/concurrency u:FunctionName=FunctionName
      operation PutFunctionEventInvokeConfig PUT /2019-09-25/functions/{FunctionName}/event-invoke-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation PutFunctionRecursionConfig PUT /2024-08-31/functions/{FunctionName}/recursion-config u:FunctionName=FunctionName
      operation PutFunctionScalingConfig PUT /2025-11-30/functions/{FunctionName}/function-scaling-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation PutProvisionedConcurrencyConfig PUT /2019-09-30/functions/{FunctionName}/provisioned-concurrency u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation PutRuntimeManagementConfig PUT /2021-07-20/functions/{FunctionName}/runtime-management-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation RemoveLayerVersionPermission DELETE /2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId} u:LayerName=LayerName u:VersionNumber=VersionNumber u:StatementId=StatementId q:RevisionId=RevisionId
      operation RemovePermission DELETE /2015-03-31/functions/{FunctionName}/policy/{StatementId} u:FunctionName=FunctionName u:StatementId=StatementId q:Qualifier=Qualifier q:RevisionId=RevisionId
      operation SendDurableExecutionCallbackFailure POST /2025-12-01/durable-execution-callbacks/{CallbackId}/fail u:CallbackId=CallbackId p:Error
      operation SendDurableExecutionCallbackHeartbeat POST /2025-12-01/durable-execution-callbacks/{CallbackId}/heartbeat u:CallbackId=CallbackId
      operation SendDurableExecutionCallbackSuccess POST /2025-12-01/durable-execution-callbacks/{CallbackId}/succeed u:CallbackId=CallbackId p:Result
      operation StopDurableExecution POST /2025-12-01/durable-executions/{DurableExecutionArn}/stop u:DurableExecutionArn=DurableExecutionArn p:Error
      operation TagResource POST /2017-03-31/tags/{Resource} u:Resource=Resource
      operation UntagResource DELETE /2017-03-31/tags/{Resource} u:Resource=Resource q:TagKeys=tagKeys
      operation UpdateAlias PUT /2015-03-31/functions/{FunctionName}/aliases/{Name} u:FunctionName=FunctionName u:Name=Name
      operation UpdateCapacityProvider PUT /2025-11-30/capacity-providers/{CapacityProviderName} u:CapacityProviderName=CapacityProviderName
      operation UpdateCodeSigningConfig PUT /2020-04-22/code-signing-configs/{CodeSigningConfigArn} u:CodeSigningConfigArn=CodeSigningConfigArn
      operation UpdateEventSourceMapping PUT /2015-03-31/event-source-mappings/{UUID} u:UUID=UUID
      operation UpdateFunctionCode PUT /2015-03-31/functions/{FunctionName}/code u:FunctionName=FunctionName
      operation UpdateFunctionConfiguration PUT /2015-03-31/functions/{FunctionName}/configuration u:FunctionName=FunctionName
      operation UpdateFunctionEventInvokeConfig POST /2019-09-25/functions/{FunctionName}/event-invoke-config u:FunctionName=FunctionName q:Qualifier=Qualifier
      operation UpdateFunctionUrlConfig PUT /2021-10-31/functions/{FunctionName}/url u:FunctionName=FunctionName q:Qualifier=Qualifier
      """,
    "pipes": """
      service Pipes pipes
      endpoint pipes pipes
      case pascal
      members ActiveMQBrokerParameters:n AdditionalBootstrapServers:n ArrayProperties:n AwsvpcConfiguration:n=awsvpcConfiguration Base=base BatchJobParameters:n CapacityProvider=capacityProvider CapacityProviderStrategy:n CloudWatchLogsParameters:n CloudwatchLogsLogDestination:n Command:n ContainerOverrides:n CreationTime:t Credentials:n DeadLetterConfig:n DependsOn:n DeviceName=deviceName DeviceType=deviceType DimensionMappings:n DynamoDBStreamParameters:n EcsTaskParameters:n EnrichmentParameters:n Environment:n EnvironmentFiles:n EphemeralStorage:n EventBridgeEventBusParameters:n Expression=expression Field=field FilterCriteria:n Filters:n FirehoseLogDestination:n HeaderParameters:m HttpParameters:n IncludeExecutionData:n InferenceAcceleratorOverrides:n KinesisStreamParameters:n LambdaFunctionParameters:n LastModifiedTime:t LogConfiguration:n ManagedStreamingKafkaParameters:n MultiMeasureAttributeMappings:n MultiMeasureMappings:n Environment.Name:p=name NetworkConfiguration:n Overrides:n Parameters:m PathParameterValues:n PipelineParameterList:n Pipes:n PlacementConstraints:n PlacementStrategy:n QueryStringParameters:m RabbitMQBrokerParameters:n RedshiftDataParameters:n ResourceRequirements:n Resources:n RetryStrategy:n S3LogDestination:n SageMakerPipelineParameters:n SecurityGroup:n SecurityGroups:n SelfManagedKafkaParameters:n SingleMeasureMappings:n SizeInGiB=sizeInGiB SourceParameters:n Sqls:n SqsQueueParameters:n StartingPositionTimestamp:t StepFunctionStateMachineParameters:n Subnets:n TagKeys:n Tags:m EcsTaskParameters.Tags:n ListTagsForResource.Tags:m=tags TagResource.Tags:m=tags TargetParameters:n TimestreamParameters:n DependsOn.Type:p ResourceRequirements.Type:p Type=type Environment.Value:p=value EnvironmentFiles.Value:p=value ResourceRequirements.Value:p=value Vpc:n Weight=weight
      errors ConflictException InternalException NotFoundException ServiceQuotaExceededException ThrottlingException ValidationException
      operation CreatePipe POST /v1/pipes/{Name} u:Name=Name
      operation DeletePipe DELETE /v1/pipes/{Name} u:Name=Name
      operation DescribePipe GET /v1/pipes/{Name} u:Name=Name
      operation ListPipes GET /v1/pipes q:NamePrefix=NamePrefix q:DesiredState=DesiredState q:CurrentState=CurrentState q:SourcePrefix=SourcePrefix q:TargetPrefix=TargetPrefix q:NextToken=NextToken q:Limit=Limit
      operation ListTagsForResource GET /tags/{resourceArn} u:ResourceArn=resourceArn
      operation StartPipe POST /v1/pipes/{Name}/start u:Name=Name
      operation StopPipe POST /v1/pipes/{Name}/stop u:Name=Name
      operation TagResource POST /tags/{resourceArn} u:ResourceArn=resourceArn
      operation UntagResource DELETE /tags/{resourceArn} u:ResourceArn=resourceArn q:TagKeys=tagKeys
      operation UpdatePipe PUT /v1/pipes/{Name} u:Name=Name
      """,
    "rdsdata": """
      service RdsData rds_data
      endpoint rds-data rds-data
      case camel
      members ArrayValue:n ArrayValues:n Attributes:n BlobValue:b BooleanValues:n ColumnMetadata:n DoubleValues:n GeneratedFields:n LongValues:n ParameterSets:n Parameters:n Records:n ResultFrame:n ResultSetMetadata:n ResultSetOptions:n SqlStatementResults:n StringValues:n StructValue:n UpdateResults:n Value:n Values:n
      errors AccessDeniedException BadRequestException DatabaseErrorException DatabaseNotFoundException DatabaseResumingException DatabaseUnavailableException ForbiddenException HttpEndpointNotEnabledException InternalServerErrorException InvalidResourceStateException InvalidSecretException NotFoundException SecretsErrorException ServiceUnavailableError StatementTimeoutException TransactionNotFoundException UnsupportedResultException
      operation BatchExecuteStatement POST /BatchExecute
      operation BeginTransaction POST /BeginTransaction
      operation CommitTransaction POST /CommitTransaction
      operation ExecuteSql POST /ExecuteSql
      operation ExecuteStatement POST /Execute
      operation RollbackTransaction POST /RollbackTransaction
      """,
    "sagemakerruntime": """
      service SageMakerRuntime sagemaker_runtime
      endpoint runtime.sagemaker sagemaker
      case pascal
      members Body:b InvokeEndpointWithResponseStream.Body:n Bytes:b InternalStreamFailure:n ModelStreamError:n PayloadPart:n
      errors InternalDependencyException InternalFailure InternalStreamFailure ModelError ModelNotReadyException ModelStreamError ServiceUnavailable ValidationError
      operation InvokeEndpoint POST /endpoints/{EndpointName}/invocations u:EndpointName=EndpointName h:ContentType=Content-Type h:Accept=Accept h:CustomAttributes=X-Amzn-SageMaker-Custom-Attributes h:TargetModel=X-Amzn-SageMaker-Target-Model h:TargetVariant=X-Amzn-SageMaker-Target-Variant h:TargetContainerHostname=X-Amzn-SageMaker-Target-Container-Hostname h:InferenceId=X-Amzn-SageMaker-Inference-Id h:EnableExplanations=X-Amzn-SageMaker-Enable-Explanations h:InferenceComponentName=X-Amzn-SageMaker-Inference-Component h:SessionId=X-Amzn-SageMaker-Session-Id p:Body rh:ContentType=Content-Type rh:InvokedProductionVariant=x-Amzn-Invoked-Production-Variant rh:CustomAttributes=X-Amzn-SageMaker-Custom-Attributes rh:NewSessionId=X-Amzn-SageMaker-New-Session-Id rh:ClosedSessionId=X-Amzn-SageMaker-Closed-Session-Id rp:Body
      operation InvokeEndpointAsync POST /endpoints/{EndpointName}/async-invocations u:EndpointName=EndpointName h:ContentType=X-Amzn-SageMaker-Content-Type h:Accept=X-Amzn-SageMaker-Accept h:CustomAttributes=X-Amzn-SageMaker-Custom-Attributes h:InferenceId=X-Amzn-SageMaker-Inference-Id h:InputLocation=X-Amzn-SageMaker-InputLocation h:S3OutputPathExtension=X-Amzn-SageMaker-S3OutputPathExtension h:Filename=X-Amzn-SageMaker-Filename h:RequestTTLSeconds=X-Amzn-SageMaker-RequestTTLSeconds h:InvocationTimeoutSeconds=X-Amzn-SageMaker-InvocationTimeoutSeconds rh:OutputLocation=X-Amzn-SageMaker-OutputLocation rh:FailureLocation=X-Amzn-SageMaker-FailureLocation
      """,
    "scheduler": """
      service Scheduler scheduler
      endpoint scheduler scheduler
      case pascal
      members AwsvpcConfiguration:n=awsvpcConfiguration Base=base CapacityProvider=capacityProvider CapacityProviderStrategy:n CreationDate:t DeadLetterConfig:n EcsParameters:n EndDate:t EventBridgeParameters:n Expression=expression Field=field FlexibleTimeWindow:n KinesisParameters:n LastModificationDate:t NetworkConfiguration:n PipelineParameterList:n PlacementConstraints:n PlacementStrategy:n RetryPolicy:n SageMakerPipelineParameters:n ScheduleGroups:n Schedules:n SecurityGroups:n SqsParameters:n StartDate:t Subnets:n TagKeys:n EcsParameters.Tags:m Tags:n Target:n Type=type Weight=weight
      tokens CreateSchedule.ClientToken CreateScheduleGroup.ClientToken DeleteSchedule.ClientToken DeleteScheduleGroup.ClientToken UpdateSchedule.ClientToken
      errors ConflictException InternalServerException ResourceNotFoundException ServiceQuotaExceededException ThrottlingException ValidationException
      operation CreateSchedule POST /schedules/{Name} u:Name=Name
      operation CreateScheduleGroup POST /schedule-groups/{Name} u:Name=Name
      operation DeleteSchedule DELETE /schedules/{Name} q:ClientToken=clientToken q:GroupName=groupName u:Name=Name
      operation DeleteScheduleGroup DELETE /schedule-groups/{Name} q:ClientToken=clientToken u:Name=Name
      operation GetSchedule GET /schedules/{Name} q:GroupName=groupName u:Name=Name
      operation GetScheduleGroup GET /schedule-groups/{Name} u:Name=Name
      operation ListScheduleGroups GET /schedule-groups q:MaxResults=MaxResults q:NamePrefix=NamePrefix q:NextToken=NextToken
      operation ListSchedules GET /schedules q:GroupName=ScheduleGroup q:MaxResults=MaxResults q:NamePrefix=NamePrefix q:NextToken=NextToken q:State=State
      operation ListTagsForResource GET /tags/{ResourceArn} u:ResourceArn=ResourceArn
      operation TagResource POST /tags/{ResourceArn} u:ResourceArn=ResourceArn
      operation UntagResource DELETE /tags/{ResourceArn} u:ResourceArn=ResourceArn q:TagKeys=TagKeys
      operation UpdateSchedule PUT /schedules/{Name} u:Name=Name
      """,
    "sesv2": """
      service SesV2 sesv2
      endpoint email ses
      case pascal
      members ActiveSubscribedDomains:n AdditionalContactEmailAddresses:n ArchivingOptions:n AssociatedTimestamp:t Attachments:n Attributes:n AwsSesManagedStatus:n BccAddresses:n BlacklistItemNames:n BlacklistReport:m Body:n Bounce:n BulkEmailEntries:n BulkEmailEntryResults:n CcAddresses:n CloudWatchDestination:n Complaint:n CompletedTimestamp:t ConditionThreshold:n ConfigurationSets:n ContactListDestination:n ContactLists:n Contacts:n Content:n CreateDate:t CreatedTimestamp:t CustomVerificationEmailTemplates:n CustomerManagedStatus:n DailyVolumes:n DashboardAttributes:n DashboardOptions:n Raw.Data:b DedicatedIp:n DedicatedIpPool:n DedicatedIpPools:n DedicatedIps:n DefaultContent:n DefaultEmailTags:n DeliverabilityTestReport:n DeliverabilityTestReports:n DeliveryOptions:n Destination:n Insights.Destination:p Details:n DimensionConfigurations:n Dimensions:m DkimAttributes:n DkimSigningAttributes:n DkimTokens:n DomainDeliverabilityCampaign:n DomainDeliverabilityCampaigns:n DomainIspPlacements:n EmailIdentities:n EmailTags:n EndDate:t GetDomainStatisticsReport.EndDate:t ListDomainDeliverabilityCampaigns.EndDate:t ListSuppressedDestinations.EndDate:t Errors:n Esps:n Evaluations:n EventBridgeDestination:n EventDestination:n EventDestinations:n Events:n Exclude:n ExportDataSource:n ExportDestination:n ExportJobs:n FailureInfo:n Filter:m ListContacts.Filter:n FirstSeenDateTime:t Exclude.FromEmailAddress:n Include.FromEmailAddress:n GuardianAttributes:n GuardianOptions:n HasValidDnsRecords:n HasValidSyntax:n Headers:n Html:n TemplateContent.Html:p ImportDataSource:n ImportDestination:n ImportJobs:n InboxPlacementTrackingOption:n Include:n Insights:n IsDisposable:n IsRandomInput:n IsRoleAddress:n IsValid:n Isp:n Insights.Isp:p IspPlacements:n KinesisFirehoseDestination:n LastCheckedTimestamp:t LastDeliveryEvent:n LastEngagementEvent:n LastFreshStart:t LastKeyGenerationTimestamp:t LastSeenDateTime:t LastSuccessTimestamp:t LastUpdateTime:t LastUpdatedTimestamp:t ListManagementOptions:n ListingTime:t MailFromAttributes:n MailboxExists:n MailboxValidation:n MatchingEventTypes:n MessageInsightsDataSource:n Metrics:n MetricsDataSource:n MultiRegionEndpoints:n OverallConfidenceThreshold:n OverallPlacement:n OverallVolume:n PendingExpirationSubscribedDomains:n PinpointDestination:n PlacementStatistics:n Policies:m Queries:n Raw:n RawContent:b Reasons:n Recommendations:n Regions:n ReplacementEmailContent:n ReplacementHeaders:n ReplacementTags:n ReplacementTemplate:n ReplyToAddresses:n ReputationEntities:n ReputationEntity:n ReputationOptions:n ResourceTenants:n Results:n ReviewDetails:n Routes:n RoutesDetails:n SOARecord:n SendQuota:n SendingIps:n SendingOptions:n SigningAttributes:n Simple:n SnsDestination:n StartDate:t GetDomainStatisticsReport.StartDate:t ListDomainDeliverabilityCampaigns.StartDate:t ListSuppressedDestinations.StartDate:t Statistics:n Exclude.Subject:n Include.Subject:n Simple.Subject:n SubscribedDomains:n SubscriptionExpiryDate:t SubscriptionStartDate:t SuppressedDestination:n SuppressedDestinationSummaries:n SuppressedReasons:n SuppressionAttributes:n SuppressionListDestination:n SuppressionOptions:n TagKeys:n Tags:n Template:n TemplateContent:n CreateCustomVerificationEmailTemplate.TemplateContent:p GetCustomVerificationEmailTemplate.TemplateContent:p UpdateCustomVerificationEmailTemplate.TemplateContent:p TemplatesMetadata:n Tenant:n TenantResources:n Tenants:n Text:n TemplateContent.Text:p Timestamp:t Timestamps:n ToAddresses:n Tokens:n TopicDefaultPreferences:n TopicFilter:n TopicPreferences:n Topics:n TrackedIsps:n TrackingOptions:n ValidationAttributes:n ValidationOptions:n Values:n VdmAttributes:n VdmOptions:n VerificationInfo:n VolumeStatistics:n
      errors AccountSuspendedException AlreadyExistsException BadRequestException ConcurrentModificationException ConflictException InternalServiceErrorException InvalidNextTokenException LimitExceededException MailFromDomainNotVerifiedException MessageRejected NotFoundException SendingPausedException TooManyRequestsException
      operation BatchGetMetricData POST /v2/email/metrics/batch
      operation CancelExportJob PUT /v2/email/export-jobs/{JobId}/cancel u:JobId=JobId
      operation CreateConfigurationSet POST /v2/email/configuration-sets
      operation CreateConfigurationSetEventDestination POST /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations u:ConfigurationSetName=ConfigurationSetName
      operation CreateContact POST /v2/email/contact-lists/{ContactListName}/contacts u:ContactListName=ContactListName
      operation CreateContactList POST /v2/email/contact-lists
      operation CreateCustomVerificationEmailTemplate POST /v2/email/custom-verification-email-templates
      operation CreateDedicatedIpPool POST /v2/email/dedicated-ip-pools
      operation CreateDeliverabilityTestReport POST /v2/email/deliverability-dashboard/test
      operation CreateEmailIdentity POST /v2/email/identities
      operation CreateEmailIdentityPolicy POST /v2/email/identities/{EmailIdentity}/policies/{PolicyName} u:EmailIdentity=EmailIdentity u:PolicyName=PolicyName
      operation CreateEmailTemplate POST /v2/email/templates
      operation CreateExportJob POST /v2/email/export-jobs
      operation CreateImportJob POST /v2/email/import-jobs
      operation CreateMultiRegionEndpoint POST /v2/email/multi-region-endpoints
      operation CreateTenant POST /v2/email/tenants
      operation CreateTenantResourceAssociation POST /v2/email/tenants/resources
      operation DeleteConfigurationSet DELETE /v2/email/configuration-sets/{ConfigurationSetName} u:ConfigurationSetName=ConfigurationSetName
      operation DeleteConfigurationSetEventDestination DELETE /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName} u:ConfigurationSetName=ConfigurationSetName u:EventDestinationName=EventDestinationName
      operation DeleteContact DELETE /v2/email/contact-lists/{ContactListName}/contacts/{EmailAddress} u:ContactListName=ContactListName u:EmailAddress=EmailAddress
      operation DeleteContactList DELETE /v2/email/contact-lists/{ContactListName} u:ContactListName=ContactListName
      operation DeleteCustomVerificationEmailTemplate DELETE /v2/email/custom-verification-email-templates/{TemplateName} u:TemplateName=TemplateName
      operation DeleteDedicatedIpPool DELETE /v2/email/dedicated-ip-pools/{PoolName} u:PoolName=PoolName
      operation DeleteEmailIdentity DELETE /v2/email/identities/{EmailIdentity} u:EmailIdentity=EmailIdentity
      operation DeleteEmailIdentityPolicy DELETE /v2/email/identities/{EmailIdentity}/policies/{PolicyName} u:EmailIdentity=EmailIdentity u:PolicyName=PolicyName
      operation DeleteEmailTemplate DELETE /v2/email/templates/{TemplateName} u:TemplateName=TemplateName
      operation DeleteMultiRegionEndpoint DELETE /v2/email/multi-region-endpoints/{EndpointName} u:EndpointName=EndpointName
      operation DeleteSuppressedDestination DELETE /v2/email/suppression/addresses/{EmailAddress} u:EmailAddress=EmailAddress
      operation DeleteTenant POST /v2/email/tenants/delete
      operation DeleteTenantResourceAssociation POST /v2/email/tenants/resources/delete
      operation GetAccount GET /v2/email/account
      operation GetBlacklistReports GET /v2/email/deliverability-dashboard/blacklist-report q:BlacklistItemNames=BlacklistItemNames
      operation GetConfigurationSet GET /v2/email/configuration-sets/{ConfigurationSetName} u:ConfigurationSetName=ConfigurationSetName
      operation GetConfigurationSetEventDestinations GET /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations u:ConfigurationSetName=ConfigurationSetName
      operation GetContact GET /v2/email/contact-lists/{ContactListName}/contacts/{EmailAddress} u:ContactListName=ContactListName u:EmailAddress=EmailAddress
      operation GetContactList GET /v2/email/contact-lists/{ContactListName} u:ContactListName=ContactListName
      operation GetCustomVerificationEmailTemplate GET /v2/email/custom-verification-email-templates/{TemplateName} u:TemplateName=TemplateName
      operation GetDedicatedIp GET /v2/email/dedicated-ips/{IP} u:Ip=IP
      operation GetDedicatedIpPool GET /v2/email/dedicated-ip-pools/{PoolName} u:PoolName=PoolName
      operation GetDedicatedIps GET /v2/email/dedicated-ips q:PoolName=PoolName q:NextToken=NextToken q:PageSize=PageSize
      operation GetDeliverabilityDashboardOptions GET /v2/email/deliverability-dashboard
      operation GetDeliverabilityTestReport GET /v2/email/deliverability-dashboard/test-reports/{ReportId} u:ReportId=ReportId
      operation GetDomainDeliverabilityCampaign GET /v2/email/deliverability-dashboard/campaigns/{CampaignId} u:CampaignId=CampaignId
      operation GetDomainStatisticsReport GET /v2/email/deliverability-dashboard/statistics-report/{Domain} u:Domain=Domain q:StartDate=StartDate q:EndDate=EndDate
      operation GetEmailAddressInsights POST /v2/email/email-address-insights/
      operation GetEmailIdentity GET /v2/email/identities/{EmailIdentity} u:EmailIdentity=EmailIdentity
      operation GetEmailIdentityPolicies GET /v2/email/identities/{EmailIdentity}/policies u:EmailIdentity=EmailIdentity
      operation GetEmailTemplate GET /v2/email/templates/{TemplateName} u:TemplateName=TemplateName
      operation GetExportJob GET /v2/email/export-jobs/{JobId} u:JobId=JobId
      operation GetImportJob GET /v2/email/import-jobs/{JobId} u:JobId=JobId
      operation GetMessageInsights GET /v2/email/insights/{MessageId}/ u:MessageId=MessageId
      operation GetMultiRegionEndpoint GET /v2/email/multi-region-endpoints/{EndpointName} u:EndpointName=EndpointName
      operation GetReputationEntity GET /v2/email/reputation/entities/{ReputationEntityType}/{ReputationEntityReference} u:ReputationEntityReference=ReputationEntityReference u:ReputationEntityType=ReputationEntityType
      operation GetSuppressedDestination GET /v2/email/suppression/addresses/{EmailAddress} u:EmailAddress=EmailAddress
      operation GetTenant POST /v2/email/tenants/get
      operation ListConfigurationSets GET /v2/email/configuration-sets q:NextToken=NextToken q:PageSize=PageSize
      operation ListContactLists GET /v2/email/contact-lists q:PageSize=PageSize q:NextToken=NextToken
      operation ListContacts POST /v2/email/contact-lists/{ContactListName}/contacts/list u:ContactListName=ContactListName
      operation ListCustomVerificationEmailTemplates GET /v2/email/custom-verification-email-templates q:NextToken=NextToken q:PageSize=PageSize
      operation ListDedicatedIpPools GET /v2/email/dedicated-ip-pools q:NextToken=NextToken q:PageSize=PageSize
      operation ListDeliverabilityTestReports GET /v2/email/deliverability-dashboard/test-reports q:NextToken=NextToken q:PageSize=PageSize
      operation ListDomainDeliverabilityCampaigns GET /v2/email/deliverability-dashboard/domains/{SubscribedDomain}/campaigns q:StartDate=StartDate q:EndDate=EndDate u:SubscribedDomain=SubscribedDomain q:NextToken=NextToken q:PageSize=PageSize
      operation ListEmailIdentities GET /v2/email/identities q:NextToken=NextToken q:PageSize=PageSize
      operation ListEmailTemplates GET /v2/email/templates q:NextToken=NextToken q:PageSize=PageSize
      operation ListExportJobs POST /v2/email/list-export-jobs
      operation ListImportJobs POST /v2/email/import-jobs/list
      operation ListMultiRegionEndpoints GET /v2/email/multi-region-endpoints q:NextToken=NextToken q:PageSize=PageSize
      operation ListRecommendations POST /v2/email/vdm/recommendations
      operation ListReputationEntities POST /v2/email/reputation/entities
      operation ListResourceTenants POST /v2/email/resources/tenants/list
      operation ListSuppressedDestinations GET /v2/email/suppression/addresses q:Reasons=Reason q:StartDate=StartDate q:EndDate=EndDate q:NextToken=NextToken q:PageSize=PageSize
      operation ListTagsForResource GET /v2/email/tags q:ResourceArn=ResourceArn
      operation ListTenantResources POST /v2/email/tenants/resources/list
      operation ListTenants POST /v2/email/tenants/list
      operation PutAccountDedicatedIpWarmupAttributes PUT /v2/email/account/dedicated-ips/warmup
      operation PutAccountDetails POST /v2/email/account/details
      operation PutAccountSendingAttributes PUT /v2/email/account/sending
      operation PutAccountSuppressionAttributes PUT /v2/email/account/suppression
      operation PutAccountVdmAttributes PUT /v2/email/account/vdm
      operation PutConfigurationSetArchivingOptions PUT /v2/email/configuration-sets/{ConfigurationSetName}/archiving-options u:ConfigurationSetName=ConfigurationSetName
      operation PutConfigurationSetDeliveryOptions PUT /v2/email/configuration-sets/{ConfigurationSetName}/delivery-options u:ConfigurationSetName=ConfigurationSetName
      operation PutConfigurationSetReputationOptions PUT /v2/email/configuration-sets/{ConfigurationSetName}/reputation-options u:ConfigurationSetName=ConfigurationSetName
      operation PutConfigurationSetSendingOptions PUT /v2/email/configuration-sets/{ConfigurationSetName}/sending u:ConfigurationSetName=ConfigurationSetName
      operation PutConfigurationSetSuppressionOptions PUT /v2/email/configuration-sets/{ConfigurationSetName}/suppression-options u:ConfigurationSetName=ConfigurationSetName
      operation PutConfigurationSetTrackingOptions PUT /v2/email/configuration-sets/{ConfigurationSetName}/tracking-options u:ConfigurationSetName=ConfigurationSetName
      operation PutConfigurationSetVdmOptions PUT /v2/email/configuration-sets/{ConfigurationSetName}/vdm-options u:ConfigurationSetName=ConfigurationSetName
      operation PutDedicatedIpInPool PUT /v2/email/dedicated-ips/{IP}/pool u:Ip=IP
      operation PutDedicatedIpPoolScalingAttributes PUT /v2/email/dedicated-ip-pools/{PoolName}/scaling u:PoolName=PoolName
      operation PutDedicatedIpWarmupAttributes PUT /v2/email/dedicated-ips/{IP}/warmup u:Ip=IP
      operation PutDeliverabilityDashboardOption PUT /v2/email/deliverability-dashboard
      operation PutEmailIdentityConfigurationSetAttributes PUT /v2/email/identities/{EmailIdentity}/configuration-set u:EmailIdentity=EmailIdentity
      operation PutEmailIdentityDkimAttributes PUT /v2/email/identities/{EmailIdentity}/dkim u:EmailIdentity=EmailIdentity
      operation PutEmailIdentityDkimSigningAttributes PUT /v2/email/identities/{EmailIdentity}/dkim/signing u:EmailIdentity=EmailIdentity
      operation PutEmailIdentityFeedbackAttributes PUT /v2/email/identities/{EmailIdentity}/feedback u:EmailIdentity=EmailIdentity
      operation PutEmailIdentityMailFromAttributes PUT /v2/email/identities/{EmailIdentity}/mail-from u:EmailIdentity=EmailIdentity
      operation PutSuppressedDestination PUT /v2/email/suppression/addresses
      operation SendBulkEmail POST /v2/email/outbound-bulk-emails
      operation SendCustomVerificationEmail POST /v2/email/outbound-custom-verification-emails
      operation SendEmail POST /v2/email/outbound-emails
      operation TagResource POST /v2/email/tags
      operation TestRenderEmailTemplate POST /v2/email/templates/{TemplateName}/render u:TemplateName=TemplateName
      operation UntagResource DELETE /v2/email/tags q:ResourceArn=ResourceArn q:TagKeys=TagKeys
      operation UpdateConfigurationSetEventDestination PUT /v2/email/configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName} u:ConfigurationSetName=ConfigurationSetName u:EventDestinationName=EventDestinationName
      operation UpdateContact PUT /v2/email/contact-lists/{ContactListName}/contacts/{EmailAddress} u:ContactListName=ContactListName u:EmailAddress=EmailAddress
      operation UpdateContactList PUT /v2/email/contact-lists/{ContactListName} u:ContactListName=ContactListName
      operation UpdateCustomVerificationEmailTemplate PUT /v2/email/custom-verification-email-templates/{TemplateName} u:TemplateName=TemplateName
      operation UpdateEmailIdentityPolicy PUT /v2/email/identities/{EmailIdentity}/policies/{PolicyName} u:EmailIdentity=EmailIdentity u:PolicyName=PolicyName
      operation UpdateEmailTemplate PUT /v2/email/templates/{TemplateName} u:TemplateName=TemplateName
      operation UpdateReputationEntityCustomerManagedStatus PUT /v2/email/reputation/entities/{ReputationEntityType}/{ReputationEntityReference}/customer-managed-status u:ReputationEntityType=ReputationEntityType u:ReputationEntityReference=ReputationEntityReference
      operation UpdateReputationEntityPolicy PUT /v2/email/reputation/entities/{ReputationEntityType}/{ReputationEntityReference}/policy u:ReputationEntityType=ReputationEntityType u:ReputationEntityReference=ReputationEntityReference
      """,
  ]
}
