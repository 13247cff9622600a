// Generated from schemas/ by scripts/generate.mjs: do not edit.
import type { ObjectMeta, OwnerReference, ManagedFieldsEntry } from './object.ts';
export type { ObjectMeta, OwnerReference, ManagedFieldsEntry };
import type { Status } from './status-error.ts';
export type { Status };

/** An application: one container image or command, run in some number of copies and kept running. */
export type App = {
  readonly "apiVersion": "tepui.dev/v1";
  readonly "kind": "App";
  readonly "metadata": ObjectMeta;
  readonly "spec": AppSpec;
  readonly "status"?: AppStatus;
};

export type AppEnvValue = string | {
  readonly "configMapKeyRef"?: ConfigMapKeySelector;
  readonly "secretKeyRef"?: SecretKeySelector;
  readonly "fieldRef"?: ObjectFieldSelector;
  readonly "resourceFieldRef"?: ResourceFieldSelector;
};

export type AppList = {
  readonly "apiVersion": "tepui.dev/v1";
  readonly "kind": "AppList";
  readonly "metadata": ListMeta;
  readonly "items": readonly (App)[];
};

export type AppPort = {
  readonly "name"?: string;
  readonly "containerPort": number;
  readonly "port"?: number;
  readonly "hostPort"?: number;
  readonly "protocol"?: "TCP" | "UDP" | "SCTP";
};

export type AppReplicaCounts = {
  readonly "desired"?: number;
  readonly "updated"?: number;
  readonly "ready"?: number;
  readonly "available"?: number;
  readonly "unavailable"?: number;
};

export type AppSpec = {
  readonly "image"?: string;
  readonly "imagePullPolicy"?: "Always" | "IfNotPresent" | "Never";
  readonly "command"?: string | readonly string[];
  readonly "args"?: readonly (string)[];
  readonly "env"?: Readonly<Record<string, AppEnvValue>> | readonly EnvVar[];
  readonly "resources"?: ResourceRequirements;
  readonly "replicas"?: number;
  readonly "ports"?: readonly (AppPort)[];
  readonly "readinessProbe"?: Probe;
  readonly "livenessProbe"?: Probe;
  readonly "startupProbe"?: Probe;
  readonly "terminationGracePeriodSeconds"?: number;
};

export type AppStatus = {
  readonly "observedGeneration"?: number;
  readonly "revision"?: number;
  readonly "selector"?: string;
  readonly "replicas"?: AppReplicaCounts;
  readonly "conditions"?: readonly (Condition)[];
};

export type Deployment = {
  readonly "apiVersion": "apps/v1";
  readonly "kind": "Deployment";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: DeploymentSpec;
  readonly "status"?: DeploymentStatus;
};

export type DeploymentCondition = {
  readonly "lastTransitionTime"?: Time;
  readonly "lastUpdateTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
  readonly "type": string;
};

export type DeploymentList = {
  readonly "apiVersion": "apps/v1";
  readonly "items": readonly (Deployment)[];
  readonly "kind": "DeploymentList";
  readonly "metadata": ListMeta;
};

export type DeploymentSpec = {
  readonly "minReadySeconds"?: number;
  readonly "paused"?: boolean;
  readonly "progressDeadlineSeconds"?: number;
  readonly "replicas"?: number;
  readonly "revisionHistoryLimit"?: number;
  readonly "selector": LabelSelector;
  readonly "strategy"?: DeploymentStrategy;
  readonly "template": PodTemplateSpec;
};

export type DeploymentStatus = {
  readonly "availableReplicas"?: number;
  readonly "collisionCount"?: number;
  readonly "conditions"?: readonly (DeploymentCondition)[];
  readonly "observedGeneration"?: number;
  readonly "readyReplicas"?: number;
  readonly "replicas"?: number;
  readonly "terminatingReplicas"?: number;
  readonly "unavailableReplicas"?: number;
  readonly "updatedReplicas"?: number;
};

export type DeploymentStrategy = {
  readonly "rollingUpdate"?: RollingUpdateDeployment;
  readonly "type"?: string;
};

export type ReplicaSet = {
  readonly "apiVersion": "apps/v1";
  readonly "kind": "ReplicaSet";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ReplicaSetSpec;
  readonly "status"?: ReplicaSetStatus;
};

export type ReplicaSetCondition = {
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
  readonly "type": string;
};

export type ReplicaSetList = {
  readonly "apiVersion": "apps/v1";
  readonly "items": readonly (ReplicaSet)[];
  readonly "kind": "ReplicaSetList";
  readonly "metadata": ListMeta;
};

export type ReplicaSetSpec = {
  readonly "minReadySeconds"?: number;
  readonly "replicas"?: number;
  readonly "selector": LabelSelector;
  readonly "template"?: PodTemplateSpec;
};

export type ReplicaSetStatus = {
  readonly "availableReplicas"?: number;
  readonly "conditions"?: readonly (ReplicaSetCondition)[];
  readonly "fullyLabeledReplicas"?: number;
  readonly "observedGeneration"?: number;
  readonly "readyReplicas"?: number;
  readonly "replicas": number;
  readonly "terminatingReplicas"?: number;
};

export type RollingUpdateDeployment = {
  readonly "maxSurge"?: IntOrString;
  readonly "maxUnavailable"?: IntOrString;
};

export type Scale = {
  readonly "apiVersion": "autoscaling/v1";
  readonly "kind": "Scale";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ScaleSpec;
  readonly "status"?: ScaleStatus;
};

export type ScaleSpec = {
  readonly "replicas"?: number;
};

export type ScaleStatus = {
  readonly "replicas": number;
  readonly "selector"?: string;
};

export type Lease = {
  readonly "apiVersion": "coordination.k8s.io/v1";
  readonly "kind": "Lease";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: LeaseSpec;
};

export type LeaseList = {
  readonly "apiVersion": "coordination.k8s.io/v1";
  readonly "items": readonly (Lease)[];
  readonly "kind": "LeaseList";
  readonly "metadata": ListMeta;
};

export type LeaseSpec = {
  readonly "acquireTime"?: MicroTime;
  readonly "holderIdentity"?: string;
  readonly "leaseDurationSeconds"?: number;
  readonly "leaseTransitions"?: number;
  readonly "preferredHolder"?: string;
  readonly "renewTime"?: MicroTime;
  readonly "strategy"?: string;
};

export type AWSElasticBlockStoreVolumeSource = {
  readonly "fsType"?: string;
  readonly "partition"?: number;
  readonly "readOnly"?: boolean;
  readonly "volumeID": string;
};

export type Affinity = {
  readonly "nodeAffinity"?: NodeAffinity;
  readonly "podAffinity"?: PodAffinity;
  readonly "podAntiAffinity"?: PodAntiAffinity;
};

export type AppArmorProfile = {
  readonly "localhostProfile"?: string;
  readonly "type": string;
};

export type AttachedVolume = {
  readonly "devicePath": string;
  readonly "name": string;
};

export type AzureDiskVolumeSource = {
  readonly "cachingMode"?: string;
  readonly "diskName": string;
  readonly "diskURI": string;
  readonly "fsType"?: string;
  readonly "kind"?: string;
  readonly "readOnly"?: boolean;
};

export type AzureFileVolumeSource = {
  readonly "readOnly"?: boolean;
  readonly "secretName": string;
  readonly "shareName": string;
};

export type Binding = {
  readonly "apiVersion": "v1";
  readonly "kind": "Binding";
  readonly "metadata": ObjectMeta;
  readonly "target": ObjectReference;
};

export type CSIVolumeSource = {
  readonly "driver": string;
  readonly "fsType"?: string;
  readonly "nodePublishSecretRef"?: LocalObjectReference;
  readonly "readOnly"?: boolean;
  readonly "volumeAttributes"?: Readonly<Record<string, string>>;
};

export type Capabilities = {
  readonly "add"?: readonly (string)[];
  readonly "drop"?: readonly (string)[];
};

export type CephFSVolumeSource = {
  readonly "monitors": readonly (string)[];
  readonly "path"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretFile"?: string;
  readonly "secretRef"?: LocalObjectReference;
  readonly "user"?: string;
};

export type CinderVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "volumeID": string;
};

export type ClientIPConfig = {
  readonly "timeoutSeconds"?: number;
};

export type ClusterTrustBundleProjection = {
  readonly "labelSelector"?: LabelSelector;
  readonly "name"?: string;
  readonly "optional"?: boolean;
  readonly "path": string;
  readonly "signerName"?: string;
};

export type ConfigMap = {
  readonly "apiVersion": "v1";
  readonly "binaryData"?: Readonly<Record<string, string>>;
  readonly "data"?: Readonly<Record<string, string>>;
  readonly "immutable"?: boolean;
  readonly "kind": "ConfigMap";
  readonly "metadata": ObjectMeta;
};

export type ConfigMapEnvSource = {
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type ConfigMapKeySelector = {
  readonly "key": string;
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type ConfigMapList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (ConfigMap)[];
  readonly "kind": "ConfigMapList";
  readonly "metadata": ListMeta;
};

export type ConfigMapNodeConfigSource = {
  readonly "kubeletConfigKey": string;
  readonly "name": string;
  readonly "namespace": string;
  readonly "resourceVersion"?: string;
  readonly "uid"?: string;
};

export type ConfigMapProjection = {
  readonly "items"?: readonly (KeyToPath)[];
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type ConfigMapVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "items"?: readonly (KeyToPath)[];
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type Container = {
  readonly "args"?: readonly (string)[];
  readonly "command"?: readonly (string)[];
  readonly "env"?: readonly (EnvVar)[];
  readonly "envFrom"?: readonly (EnvFromSource)[];
  readonly "image"?: string;
  readonly "imagePullPolicy"?: string;
  readonly "lifecycle"?: Lifecycle;
  readonly "livenessProbe"?: Probe;
  readonly "name": string;
  readonly "ports"?: readonly (ContainerPort)[];
  readonly "readinessProbe"?: Probe;
  readonly "resizePolicy"?: readonly (ContainerResizePolicy)[];
  readonly "resources"?: ResourceRequirements;
  readonly "restartPolicy"?: string;
  readonly "restartPolicyRules"?: readonly (ContainerRestartRule)[];
  readonly "securityContext"?: SecurityContext;
  readonly "startupProbe"?: Probe;
  readonly "stdin"?: boolean;
  readonly "stdinOnce"?: boolean;
  readonly "terminationMessagePath"?: string;
  readonly "terminationMessagePolicy"?: string;
  readonly "tty"?: boolean;
  readonly "volumeDevices"?: readonly (VolumeDevice)[];
  readonly "volumeMounts"?: readonly (VolumeMount)[];
  readonly "workingDir"?: string;
};

export type ContainerExtendedResourceRequest = {
  readonly "containerName": string;
  readonly "requestName": string;
  readonly "resourceName": string;
};

export type ContainerImage = {
  readonly "names"?: readonly (string)[];
  readonly "sizeBytes"?: number;
};

export type ContainerPort = {
  readonly "containerPort": number;
  readonly "hostIP"?: string;
  readonly "hostPort"?: number;
  readonly "name"?: string;
  readonly "protocol"?: string;
};

export type ContainerResizePolicy = {
  readonly "resourceName": string;
  readonly "restartPolicy": string;
};

export type ContainerRestartRule = {
  readonly "action": string;
  readonly "exitCodes"?: ContainerRestartRuleOnExitCodes;
};

export type ContainerRestartRuleOnExitCodes = {
  readonly "operator": string;
  readonly "values"?: readonly (number)[];
};

export type ContainerState = {
  readonly "running"?: ContainerStateRunning;
  readonly "terminated"?: ContainerStateTerminated;
  readonly "waiting"?: ContainerStateWaiting;
};

export type ContainerStateRunning = {
  readonly "startedAt"?: Time;
};

export type ContainerStateTerminated = {
  readonly "containerID"?: string;
  readonly "exitCode": number;
  readonly "finishedAt"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "signal"?: number;
  readonly "startedAt"?: Time;
};

export type ContainerStateWaiting = {
  readonly "message"?: string;
  readonly "reason"?: string;
};

export type ContainerStatus = {
  readonly "allocatedResources"?: Readonly<Record<string, Quantity>>;
  readonly "allocatedResourcesStatus"?: readonly (ResourceStatus)[];
  readonly "containerID"?: string;
  readonly "image": string;
  readonly "imageID": string;
  readonly "lastState"?: ContainerState;
  readonly "name": string;
  readonly "ready": boolean;
  readonly "resources"?: ResourceRequirements;
  readonly "restartCount": number;
  readonly "started"?: boolean;
  readonly "state"?: ContainerState;
  readonly "stopSignal"?: string;
  readonly "user"?: ContainerUser;
  readonly "volumeMounts"?: readonly (VolumeMountStatus)[];
};

export type ContainerUser = {
  readonly "linux"?: LinuxContainerUser;
};

export type DaemonEndpoint = {
  readonly "Port": number;
};

export type DownwardAPIProjection = {
  readonly "items"?: readonly (DownwardAPIVolumeFile)[];
};

export type DownwardAPIVolumeFile = {
  readonly "fieldRef"?: ObjectFieldSelector;
  readonly "mode"?: number;
  readonly "path": string;
  readonly "resourceFieldRef"?: ResourceFieldSelector;
};

export type DownwardAPIVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "items"?: readonly (DownwardAPIVolumeFile)[];
};

export type EmptyDirVolumeSource = {
  readonly "medium"?: string;
  readonly "sizeLimit"?: Quantity;
};

export type EndpointAddress = {
  readonly "hostname"?: string;
  readonly "ip": string;
  readonly "nodeName"?: string;
  readonly "targetRef"?: ObjectReference;
};

export type EndpointPort = {
  readonly "appProtocol"?: string;
  readonly "name"?: string;
  readonly "port": number;
  readonly "protocol"?: string;
};

export type EndpointSubset = {
  readonly "addresses"?: readonly (EndpointAddress)[];
  readonly "notReadyAddresses"?: readonly (EndpointAddress)[];
  readonly "ports"?: readonly (EndpointPort)[];
};

export type Endpoints = {
  readonly "apiVersion": "v1";
  readonly "kind": "Endpoints";
  readonly "metadata": ObjectMeta;
  readonly "subsets"?: readonly (EndpointSubset)[];
};

export type EndpointsList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (Endpoints)[];
  readonly "kind": "EndpointsList";
  readonly "metadata": ListMeta;
};

export type EnvFromSource = {
  readonly "configMapRef"?: ConfigMapEnvSource;
  readonly "prefix"?: string;
  readonly "secretRef"?: SecretEnvSource;
};

export type EnvVar = {
  readonly "name": string;
  readonly "value"?: string;
  readonly "valueFrom"?: EnvVarSource;
};

export type EnvVarSource = {
  readonly "configMapKeyRef"?: ConfigMapKeySelector;
  readonly "fieldRef"?: ObjectFieldSelector;
  readonly "fileKeyRef"?: FileKeySelector;
  readonly "resourceFieldRef"?: ResourceFieldSelector;
  readonly "secretKeyRef"?: SecretKeySelector;
};

export type EphemeralContainer = {
  readonly "args"?: readonly (string)[];
  readonly "command"?: readonly (string)[];
  readonly "env"?: readonly (EnvVar)[];
  readonly "envFrom"?: readonly (EnvFromSource)[];
  readonly "image"?: string;
  readonly "imagePullPolicy"?: string;
  readonly "lifecycle"?: Lifecycle;
  readonly "livenessProbe"?: Probe;
  readonly "name": string;
  readonly "ports"?: readonly (ContainerPort)[];
  readonly "readinessProbe"?: Probe;
  readonly "resizePolicy"?: readonly (ContainerResizePolicy)[];
  readonly "resources"?: ResourceRequirements;
  readonly "restartPolicy"?: string;
  readonly "restartPolicyRules"?: readonly (ContainerRestartRule)[];
  readonly "securityContext"?: SecurityContext;
  readonly "startupProbe"?: Probe;
  readonly "stdin"?: boolean;
  readonly "stdinOnce"?: boolean;
  readonly "targetContainerName"?: string;
  readonly "terminationMessagePath"?: string;
  readonly "terminationMessagePolicy"?: string;
  readonly "tty"?: boolean;
  readonly "volumeDevices"?: readonly (VolumeDevice)[];
  readonly "volumeMounts"?: readonly (VolumeMount)[];
  readonly "workingDir"?: string;
};

export type EphemeralVolumeSource = {
  readonly "volumeClaimTemplate"?: PersistentVolumeClaimTemplate;
};

export type Event = {
  readonly "action"?: string;
  readonly "apiVersion": "v1";
  readonly "count"?: number;
  readonly "eventTime"?: MicroTime;
  readonly "firstTimestamp"?: Time;
  readonly "involvedObject": ObjectReference;
  readonly "kind": "Event";
  readonly "lastTimestamp"?: Time;
  readonly "message"?: string;
  readonly "metadata": ObjectMeta;
  readonly "reason"?: string;
  readonly "related"?: ObjectReference;
  readonly "reportingComponent"?: string;
  readonly "reportingInstance"?: string;
  readonly "series"?: EventSeries;
  readonly "source"?: EventSource;
  readonly "type"?: string;
};

export type EventList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (Event)[];
  readonly "kind": "EventList";
  readonly "metadata": ListMeta;
};

export type EventSeries = {
  readonly "count"?: number;
  readonly "lastObservedTime"?: MicroTime;
};

export type EventSource = {
  readonly "component"?: string;
  readonly "host"?: string;
};

export type ExecAction = {
  readonly "command"?: readonly (string)[];
};

export type FCVolumeSource = {
  readonly "fsType"?: string;
  readonly "lun"?: number;
  readonly "readOnly"?: boolean;
  readonly "targetWWNs"?: readonly (string)[];
  readonly "wwids"?: readonly (string)[];
};

export type FileKeySelector = {
  readonly "key": string;
  readonly "optional"?: boolean;
  readonly "path": string;
  readonly "volumeName": string;
};

export type FlexVolumeSource = {
  readonly "driver": string;
  readonly "fsType"?: string;
  readonly "options"?: Readonly<Record<string, string>>;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
};

export type FlockerVolumeSource = {
  readonly "datasetName"?: string;
  readonly "datasetUUID"?: string;
};

export type GCEPersistentDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "partition"?: number;
  readonly "pdName": string;
  readonly "readOnly"?: boolean;
};

export type GRPCAction = {
  readonly "port": number;
  readonly "service"?: string;
};

export type GitRepoVolumeSource = {
  readonly "directory"?: string;
  readonly "repository": string;
  readonly "revision"?: string;
};

export type GlusterfsVolumeSource = {
  readonly "endpoints": string;
  readonly "path": string;
  readonly "readOnly"?: boolean;
};

export type HTTPGetAction = {
  readonly "host"?: string;
  readonly "httpHeaders"?: readonly (HTTPHeader)[];
  readonly "path"?: string;
  readonly "port": IntOrString;
  readonly "scheme"?: string;
};

export type HTTPHeader = {
  readonly "name": string;
  readonly "value": string;
};

export type HostAlias = {
  readonly "hostnames"?: readonly (string)[];
  readonly "ip": string;
};

export type HostIP = {
  readonly "ip": string;
};

export type HostPathVolumeSource = {
  readonly "path": string;
  readonly "type"?: string;
};

export type ISCSIVolumeSource = {
  readonly "chapAuthDiscovery"?: boolean;
  readonly "chapAuthSession"?: boolean;
  readonly "fsType"?: string;
  readonly "initiatorName"?: string;
  readonly "iqn": string;
  readonly "iscsiInterface"?: string;
  readonly "lun": number;
  readonly "portals"?: readonly (string)[];
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "targetPortal": string;
};

export type ImageVolumeSource = {
  readonly "pullPolicy"?: string;
  readonly "reference"?: string;
};

export type ImageVolumeStatus = {
  readonly "imageRef": string;
};

export type KeyToPath = {
  readonly "key": string;
  readonly "mode"?: number;
  readonly "path": string;
};

export type Lifecycle = {
  readonly "postStart"?: LifecycleHandler;
  readonly "preStop"?: LifecycleHandler;
  readonly "stopSignal"?: string;
};

export type LifecycleHandler = {
  readonly "exec"?: ExecAction;
  readonly "httpGet"?: HTTPGetAction;
  readonly "sleep"?: SleepAction;
  readonly "tcpSocket"?: TCPSocketAction;
};

export type LinuxContainerUser = {
  readonly "gid": number;
  readonly "supplementalGroups"?: readonly (number)[];
  readonly "uid": number;
};

export type LoadBalancerIngress = {
  readonly "hostname"?: string;
  readonly "ip"?: string;
  readonly "ipMode"?: string;
  readonly "ports"?: readonly (PortStatus)[];
};

export type LoadBalancerStatus = {
  readonly "ingress"?: readonly (LoadBalancerIngress)[];
};

export type LocalObjectReference = {
  readonly "name"?: string;
};

export type NFSVolumeSource = {
  readonly "path": string;
  readonly "readOnly"?: boolean;
  readonly "server": string;
};

export type Namespace = {
  readonly "apiVersion": "v1";
  readonly "kind": "Namespace";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: NamespaceSpec;
  readonly "status"?: NamespaceStatus;
};

export type NamespaceCondition = {
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
  readonly "type": string;
};

export type NamespaceList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (Namespace)[];
  readonly "kind": "NamespaceList";
  readonly "metadata": ListMeta;
};

export type NamespaceSpec = {
  readonly "finalizers"?: readonly (string)[];
};

export type NamespaceStatus = {
  readonly "conditions"?: readonly (NamespaceCondition)[];
  readonly "phase"?: string;
};

export type Node = {
  readonly "apiVersion": "v1";
  readonly "kind": "Node";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: NodeSpec;
  readonly "status"?: NodeStatus;
};

export type NodeAddress = {
  readonly "address": string;
  readonly "type": string;
};

export type NodeAffinity = {
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (PreferredSchedulingTerm)[];
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: NodeSelector;
};

export type NodeAllocatableResourceClaimStatus = {
  readonly "containers"?: readonly (string)[];
  readonly "resourceClaimName": string;
  readonly "resources": Readonly<Record<string, Quantity>>;
};

export type NodeCondition = {
  readonly "lastHeartbeatTime"?: Time;
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "reason"?: string;
  readonly "status": string;
  readonly "type": string;
};

export type NodeConfigSource = {
  readonly "configMap"?: ConfigMapNodeConfigSource;
};

export type NodeConfigStatus = {
  readonly "active"?: NodeConfigSource;
  readonly "assigned"?: NodeConfigSource;
  readonly "error"?: string;
  readonly "lastKnownGood"?: NodeConfigSource;
};

export type NodeDaemonEndpoints = {
  readonly "kubeletEndpoint"?: DaemonEndpoint;
};

export type NodeFeatures = {
  readonly "supplementalGroupsPolicy"?: boolean;
};

export type NodeList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (Node)[];
  readonly "kind": "NodeList";
  readonly "metadata": ListMeta;
};

export type NodeRuntimeHandler = {
  readonly "features"?: NodeRuntimeHandlerFeatures;
  readonly "name"?: string;
};

export type NodeRuntimeHandlerFeatures = {
  readonly "recursiveReadOnlyMounts"?: boolean;
  readonly "userNamespaces"?: boolean;
};

export type NodeSelector = {
  readonly "nodeSelectorTerms": readonly (NodeSelectorTerm)[];
};

export type NodeSelectorRequirement = {
  readonly "key": string;
  readonly "operator": string;
  readonly "values"?: readonly (string)[];
};

export type NodeSelectorTerm = {
  readonly "matchExpressions"?: readonly (NodeSelectorRequirement)[];
  readonly "matchFields"?: readonly (NodeSelectorRequirement)[];
};

export type NodeSpec = {
  readonly "configSource"?: NodeConfigSource;
  readonly "externalID"?: string;
  readonly "podCIDR"?: string;
  readonly "podCIDRs"?: readonly (string)[];
  readonly "providerID"?: string;
  readonly "taints"?: readonly (Taint)[];
  readonly "unschedulable"?: boolean;
};

export type NodeStatus = {
  readonly "addresses"?: readonly (NodeAddress)[];
  readonly "allocatable"?: Readonly<Record<string, Quantity>>;
  readonly "capacity"?: Readonly<Record<string, Quantity>>;
  readonly "conditions"?: readonly (NodeCondition)[];
  readonly "config"?: NodeConfigStatus;
  readonly "daemonEndpoints"?: NodeDaemonEndpoints;
  readonly "declaredFeatures"?: readonly (string)[];
  readonly "features"?: NodeFeatures;
  readonly "images"?: readonly (ContainerImage)[];
  readonly "nodeInfo"?: NodeSystemInfo;
  readonly "phase"?: string;
  readonly "runtimeHandlers"?: readonly (NodeRuntimeHandler)[];
  readonly "volumesAttached"?: readonly (AttachedVolume)[];
  readonly "volumesInUse"?: readonly (string)[];
};

export type NodeSwapStatus = {
  readonly "capacity"?: number;
};

export type NodeSystemInfo = {
  readonly "architecture": string;
  readonly "bootID": string;
  readonly "containerRuntimeVersion": string;
  readonly "kernelVersion": string;
  readonly "kubeProxyVersion": string;
  readonly "kubeletVersion": string;
  readonly "machineID": string;
  readonly "operatingSystem": string;
  readonly "osImage": string;
  readonly "swap"?: NodeSwapStatus;
  readonly "systemUUID": string;
};

export type ObjectFieldSelector = {
  readonly "apiVersion"?: string;
  readonly "fieldPath": string;
};

export type ObjectReference = {
  readonly "apiVersion"?: string;
  readonly "fieldPath"?: string;
  readonly "kind"?: string;
  readonly "name"?: string;
  readonly "namespace"?: string;
  readonly "resourceVersion"?: string;
  readonly "uid"?: string;
};

export type PersistentVolumeClaimSpec = {
  readonly "accessModes"?: readonly (string)[];
  readonly "dataSource"?: TypedLocalObjectReference;
  readonly "dataSourceRef"?: TypedObjectReference;
  readonly "resources"?: VolumeResourceRequirements;
  readonly "selector"?: LabelSelector;
  readonly "storageClassName"?: string;
  readonly "volumeAttributesClassName"?: string;
  readonly "volumeMode"?: string;
  readonly "volumeName"?: string;
};

export type PersistentVolumeClaimTemplate = {
  readonly "metadata"?: ObjectMeta;
  readonly "spec": PersistentVolumeClaimSpec;
};

export type PersistentVolumeClaimVolumeSource = {
  readonly "claimName": string;
  readonly "readOnly"?: boolean;
};

export type PhotonPersistentDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "pdID": string;
};

export type Pod = {
  readonly "apiVersion": "v1";
  readonly "kind": "Pod";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: PodSpec;
  readonly "status"?: PodStatus;
};

export type PodAffinity = {
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (WeightedPodAffinityTerm)[];
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: readonly (PodAffinityTerm)[];
};

export type PodAffinityTerm = {
  readonly "labelSelector"?: LabelSelector;
  readonly "matchLabelKeys"?: readonly (string)[];
  readonly "mismatchLabelKeys"?: readonly (string)[];
  readonly "namespaceSelector"?: LabelSelector;
  readonly "namespaces"?: readonly (string)[];
  readonly "topologyKey": string;
};

export type PodAntiAffinity = {
  readonly "preferredDuringSchedulingIgnoredDuringExecution"?: readonly (WeightedPodAffinityTerm)[];
  readonly "requiredDuringSchedulingIgnoredDuringExecution"?: readonly (PodAffinityTerm)[];
};

export type PodCertificateProjection = {
  readonly "certificateChainPath"?: string;
  readonly "credentialBundlePath"?: string;
  readonly "keyPath"?: string;
  readonly "keyType": string;
  readonly "maxExpirationSeconds"?: number;
  readonly "signerName": string;
  readonly "userAnnotations"?: Readonly<Record<string, string>>;
};

export type PodCondition = {
  readonly "lastProbeTime"?: Time;
  readonly "lastTransitionTime"?: Time;
  readonly "message"?: string;
  readonly "observedGeneration"?: number;
  readonly "reason"?: string;
  readonly "status": string;
  readonly "type": string;
};

export type PodDNSConfig = {
  readonly "nameservers"?: readonly (string)[];
  readonly "options"?: readonly (PodDNSConfigOption)[];
  readonly "searches"?: readonly (string)[];
};

export type PodDNSConfigOption = {
  readonly "name"?: string;
  readonly "value"?: string;
};

export type PodExtendedResourceClaimStatus = {
  readonly "requestMappings": readonly (ContainerExtendedResourceRequest)[];
  readonly "resourceClaimName": string;
};

export type PodIP = {
  readonly "ip": string;
};

export type PodList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (Pod)[];
  readonly "kind": "PodList";
  readonly "metadata": ListMeta;
};

export type PodOS = {
  readonly "name": string;
};

export type PodReadinessGate = {
  readonly "conditionType": string;
};

export type PodResourceClaim = {
  readonly "name": string;
  readonly "resourceClaimName"?: string;
  readonly "resourceClaimTemplateName"?: string;
};

export type PodResourceClaimStatus = {
  readonly "name": string;
  readonly "resourceClaimName"?: string;
};

export type PodSchedulingGate = {
  readonly "name": string;
};

export type PodSchedulingGroup = {
  readonly "podGroupName"?: string;
};

export type PodSecurityContext = {
  readonly "appArmorProfile"?: AppArmorProfile;
  readonly "fsGroup"?: number;
  readonly "fsGroupChangePolicy"?: string;
  readonly "runAsGroup"?: number;
  readonly "runAsNonRoot"?: boolean;
  readonly "runAsUser"?: number;
  readonly "seLinuxChangePolicy"?: string;
  readonly "seLinuxOptions"?: SELinuxOptions;
  readonly "seccompProfile"?: SeccompProfile;
  readonly "supplementalGroups"?: readonly (number)[];
  readonly "supplementalGroupsPolicy"?: string;
  readonly "sysctls"?: readonly (Sysctl)[];
  readonly "windowsOptions"?: WindowsSecurityContextOptions;
};

export type PodSpec = {
  readonly "activeDeadlineSeconds"?: number;
  readonly "affinity"?: Affinity;
  readonly "automountServiceAccountToken"?: boolean;
  readonly "containers": readonly (Container)[];
  readonly "dnsConfig"?: PodDNSConfig;
  readonly "dnsPolicy"?: string;
  readonly "enableServiceLinks"?: boolean;
  readonly "ephemeralContainers"?: readonly (EphemeralContainer)[];
  readonly "hostAliases"?: readonly (HostAlias)[];
  readonly "hostIPC"?: boolean;
  readonly "hostNetwork"?: boolean;
  readonly "hostPID"?: boolean;
  readonly "hostUsers"?: boolean;
  readonly "hostname"?: string;
  readonly "hostnameOverride"?: string;
  readonly "imagePullSecrets"?: readonly (LocalObjectReference)[];
  readonly "initContainers"?: readonly (Container)[];
  readonly "nodeName"?: string;
  readonly "nodeSelector"?: Readonly<Record<string, string>>;
  readonly "os"?: PodOS;
  readonly "overhead"?: Readonly<Record<string, Quantity>>;
  readonly "preemptionPolicy"?: string;
  readonly "priority"?: number;
  readonly "priorityClassName"?: string;
  readonly "readinessGates"?: readonly (PodReadinessGate)[];
  readonly "resourceClaims"?: readonly (PodResourceClaim)[];
  readonly "resources"?: ResourceRequirements;
  readonly "restartPolicy"?: string;
  readonly "runtimeClassName"?: string;
  readonly "schedulerName"?: string;
  readonly "schedulingGates"?: readonly (PodSchedulingGate)[];
  readonly "schedulingGroup"?: PodSchedulingGroup;
  readonly "securityContext"?: PodSecurityContext;
  readonly "serviceAccount"?: string;
  readonly "serviceAccountName"?: string;
  readonly "setHostnameAsFQDN"?: boolean;
  readonly "shareProcessNamespace"?: boolean;
  readonly "subdomain"?: string;
  readonly "terminationGracePeriodSeconds"?: number;
  readonly "tolerations"?: readonly (Toleration)[];
  readonly "topologySpreadConstraints"?: readonly (TopologySpreadConstraint)[];
  readonly "volumes"?: readonly (Volume)[];
};

export type PodStatus = {
  readonly "allocatedResources"?: Readonly<Record<string, Quantity>>;
  readonly "conditions"?: readonly (PodCondition)[];
  readonly "containerStatuses"?: readonly (ContainerStatus)[];
  readonly "ephemeralContainerStatuses"?: readonly (ContainerStatus)[];
  readonly "extendedResourceClaimStatus"?: PodExtendedResourceClaimStatus;
  readonly "hostIP"?: string;
  readonly "hostIPs"?: readonly (HostIP)[];
  readonly "initContainerStatuses"?: readonly (ContainerStatus)[];
  readonly "message"?: string;
  readonly "nodeAllocatableResourceClaimStatuses"?: readonly (NodeAllocatableResourceClaimStatus)[];
  readonly "nominatedNodeName"?: string;
  readonly "observedGeneration"?: number;
  readonly "phase"?: string;
  readonly "podIP"?: string;
  readonly "podIPs"?: readonly (PodIP)[];
  readonly "qosClass"?: string;
  readonly "reason"?: string;
  readonly "resize"?: string;
  readonly "resourceClaimStatuses"?: readonly (PodResourceClaimStatus)[];
  readonly "resources"?: ResourceRequirements;
  readonly "startTime"?: Time;
};

export type PodTemplateSpec = {
  readonly "metadata"?: ObjectMeta;
  readonly "spec"?: PodSpec;
};

export type PortStatus = {
  readonly "error"?: string;
  readonly "port": number;
  readonly "protocol": string;
};

export type PortworxVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "volumeID": string;
};

export type PreferredSchedulingTerm = {
  readonly "preference": NodeSelectorTerm;
  readonly "weight": number;
};

export type Probe = {
  readonly "exec"?: ExecAction;
  readonly "failureThreshold"?: number;
  readonly "grpc"?: GRPCAction;
  readonly "httpGet"?: HTTPGetAction;
  readonly "initialDelaySeconds"?: number;
  readonly "periodSeconds"?: number;
  readonly "successThreshold"?: number;
  readonly "tcpSocket"?: TCPSocketAction;
  readonly "terminationGracePeriodSeconds"?: number;
  readonly "timeoutSeconds"?: number;
};

export type ProjectedVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "sources"?: readonly (VolumeProjection)[];
};

export type QuobyteVolumeSource = {
  readonly "group"?: string;
  readonly "readOnly"?: boolean;
  readonly "registry": string;
  readonly "tenant"?: string;
  readonly "user"?: string;
  readonly "volume": string;
};

export type RBDVolumeSource = {
  readonly "fsType"?: string;
  readonly "image": string;
  readonly "keyring"?: string;
  readonly "monitors": readonly (string)[];
  readonly "pool"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "user"?: string;
};

export type ResourceClaim = {
  readonly "name": string;
  readonly "request"?: string;
};

export type ResourceFieldSelector = {
  readonly "containerName"?: string;
  readonly "divisor"?: Quantity;
  readonly "resource": string;
};

export type ResourceHealth = {
  readonly "health"?: string;
  readonly "message"?: string;
  readonly "resourceID": string;
};

export type ResourceQuota = {
  readonly "apiVersion": "v1";
  readonly "kind": "ResourceQuota";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ResourceQuotaSpec;
  readonly "status"?: ResourceQuotaStatus;
};

export type ResourceQuotaList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (ResourceQuota)[];
  readonly "kind": "ResourceQuotaList";
  readonly "metadata": ListMeta;
};

export type ResourceQuotaSpec = {
  readonly "hard"?: Readonly<Record<string, Quantity>>;
  readonly "scopeSelector"?: ScopeSelector;
  readonly "scopes"?: readonly (string)[];
};

export type ResourceQuotaStatus = {
  readonly "hard"?: Readonly<Record<string, Quantity>>;
  readonly "used"?: Readonly<Record<string, Quantity>>;
};

export type ResourceRequirements = {
  readonly "claims"?: readonly (ResourceClaim)[];
  readonly "limits"?: Readonly<Record<string, Quantity>>;
  readonly "requests"?: Readonly<Record<string, Quantity>>;
};

export type ResourceStatus = {
  readonly "name": string;
  readonly "resources"?: readonly (ResourceHealth)[];
};

export type SELinuxOptions = {
  readonly "level"?: string;
  readonly "role"?: string;
  readonly "type"?: string;
  readonly "user"?: string;
};

export type ScaleIOVolumeSource = {
  readonly "fsType"?: string;
  readonly "gateway": string;
  readonly "protectionDomain"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef": LocalObjectReference;
  readonly "sslEnabled"?: boolean;
  readonly "storageMode"?: string;
  readonly "storagePool"?: string;
  readonly "system": string;
  readonly "volumeName"?: string;
};

export type ScopeSelector = {
  readonly "matchExpressions"?: readonly (ScopedResourceSelectorRequirement)[];
};

export type ScopedResourceSelectorRequirement = {
  readonly "operator": string;
  readonly "scopeName": string;
  readonly "values"?: readonly (string)[];
};

export type SeccompProfile = {
  readonly "localhostProfile"?: string;
  readonly "type": string;
};

export type Secret = {
  readonly "apiVersion": "v1";
  readonly "data"?: Readonly<Record<string, string>>;
  readonly "immutable"?: boolean;
  readonly "kind": "Secret";
  readonly "metadata": ObjectMeta;
  readonly "stringData"?: Readonly<Record<string, string>>;
  readonly "type"?: string;
};

export type SecretEnvSource = {
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type SecretKeySelector = {
  readonly "key": string;
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type SecretList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (Secret)[];
  readonly "kind": "SecretList";
  readonly "metadata": ListMeta;
};

export type SecretProjection = {
  readonly "items"?: readonly (KeyToPath)[];
  readonly "name"?: string;
  readonly "optional"?: boolean;
};

export type SecretVolumeSource = {
  readonly "defaultMode"?: number;
  readonly "items"?: readonly (KeyToPath)[];
  readonly "optional"?: boolean;
  readonly "secretName"?: string;
};

export type SecurityContext = {
  readonly "allowPrivilegeEscalation"?: boolean;
  readonly "appArmorProfile"?: AppArmorProfile;
  readonly "capabilities"?: Capabilities;
  readonly "privileged"?: boolean;
  readonly "procMount"?: string;
  readonly "readOnlyRootFilesystem"?: boolean;
  readonly "runAsGroup"?: number;
  readonly "runAsNonRoot"?: boolean;
  readonly "runAsUser"?: number;
  readonly "seLinuxOptions"?: SELinuxOptions;
  readonly "seccompProfile"?: SeccompProfile;
  readonly "windowsOptions"?: WindowsSecurityContextOptions;
};

export type Service = {
  readonly "apiVersion": "v1";
  readonly "kind": "Service";
  readonly "metadata": ObjectMeta;
  readonly "spec"?: ServiceSpec;
  readonly "status"?: ServiceStatus;
};

export type ServiceAccount = {
  readonly "apiVersion": "v1";
  readonly "automountServiceAccountToken"?: boolean;
  readonly "imagePullSecrets"?: readonly (LocalObjectReference)[];
  readonly "kind": "ServiceAccount";
  readonly "metadata": ObjectMeta;
  readonly "secrets"?: readonly (ObjectReference)[];
};

export type ServiceAccountList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (ServiceAccount)[];
  readonly "kind": "ServiceAccountList";
  readonly "metadata": ListMeta;
};

export type ServiceAccountTokenProjection = {
  readonly "audience"?: string;
  readonly "expirationSeconds"?: number;
  readonly "path": string;
};

export type ServiceList = {
  readonly "apiVersion": "v1";
  readonly "items": readonly (Service)[];
  readonly "kind": "ServiceList";
  readonly "metadata": ListMeta;
};

export type ServicePort = {
  readonly "appProtocol"?: string;
  readonly "name"?: string;
  readonly "nodePort"?: number;
  readonly "port": number;
  readonly "protocol"?: string;
  readonly "targetPort"?: IntOrString;
};

export type ServiceSpec = {
  readonly "allocateLoadBalancerNodePorts"?: boolean;
  readonly "clusterIP"?: string;
  readonly "clusterIPs"?: readonly (string)[];
  readonly "externalIPs"?: readonly (string)[];
  readonly "externalName"?: string;
  readonly "externalTrafficPolicy"?: string;
  readonly "healthCheckNodePort"?: number;
  readonly "internalTrafficPolicy"?: string;
  readonly "ipFamilies"?: readonly (string)[];
  readonly "ipFamilyPolicy"?: string;
  readonly "loadBalancerClass"?: string;
  readonly "loadBalancerIP"?: string;
  readonly "loadBalancerSourceRanges"?: readonly (string)[];
  readonly "ports"?: readonly (ServicePort)[];
  readonly "publishNotReadyAddresses"?: boolean;
  readonly "selector"?: Readonly<Record<string, string>>;
  readonly "sessionAffinity"?: string;
  readonly "sessionAffinityConfig"?: SessionAffinityConfig;
  readonly "trafficDistribution"?: string;
  readonly "type"?: string;
};

export type ServiceStatus = {
  readonly "conditions"?: readonly (Condition)[];
  readonly "loadBalancer"?: LoadBalancerStatus;
};

export type SessionAffinityConfig = {
  readonly "clientIP"?: ClientIPConfig;
};

export type SleepAction = {
  readonly "seconds": number;
};

export type StorageOSVolumeSource = {
  readonly "fsType"?: string;
  readonly "readOnly"?: boolean;
  readonly "secretRef"?: LocalObjectReference;
  readonly "volumeName"?: string;
  readonly "volumeNamespace"?: string;
};

export type Sysctl = {
  readonly "name": string;
  readonly "value": string;
};

export type TCPSocketAction = {
  readonly "host"?: string;
  readonly "port": IntOrString;
};

export type Taint = {
  readonly "effect": string;
  readonly "key": string;
  readonly "timeAdded"?: Time;
  readonly "value"?: string;
};

export type Toleration = {
  readonly "effect"?: string;
  readonly "key"?: string;
  readonly "operator"?: string;
  readonly "tolerationSeconds"?: number;
  readonly "value"?: string;
};

export type TopologySpreadConstraint = {
  readonly "labelSelector"?: LabelSelector;
  readonly "matchLabelKeys"?: readonly (string)[];
  readonly "maxSkew": number;
  readonly "minDomains"?: number;
  readonly "nodeAffinityPolicy"?: string;
  readonly "nodeTaintsPolicy"?: string;
  readonly "topologyKey": string;
  readonly "whenUnsatisfiable": string;
};

export type TypedLocalObjectReference = {
  readonly "apiGroup"?: string;
  readonly "kind": string;
  readonly "name": string;
};

export type TypedObjectReference = {
  readonly "apiGroup"?: string;
  readonly "kind": string;
  readonly "name": string;
  readonly "namespace"?: string;
};

export type Volume = {
  readonly "awsElasticBlockStore"?: AWSElasticBlockStoreVolumeSource;
  readonly "azureDisk"?: AzureDiskVolumeSource;
  readonly "azureFile"?: AzureFileVolumeSource;
  readonly "cephfs"?: CephFSVolumeSource;
  readonly "cinder"?: CinderVolumeSource;
  readonly "configMap"?: ConfigMapVolumeSource;
  readonly "csi"?: CSIVolumeSource;
  readonly "downwardAPI"?: DownwardAPIVolumeSource;
  readonly "emptyDir"?: EmptyDirVolumeSource;
  readonly "ephemeral"?: EphemeralVolumeSource;
  readonly "fc"?: FCVolumeSource;
  readonly "flexVolume"?: FlexVolumeSource;
  readonly "flocker"?: FlockerVolumeSource;
  readonly "gcePersistentDisk"?: GCEPersistentDiskVolumeSource;
  readonly "gitRepo"?: GitRepoVolumeSource;
  readonly "glusterfs"?: GlusterfsVolumeSource;
  readonly "hostPath"?: HostPathVolumeSource;
  readonly "image"?: ImageVolumeSource;
  readonly "iscsi"?: ISCSIVolumeSource;
  readonly "name": string;
  readonly "nfs"?: NFSVolumeSource;
  readonly "persistentVolumeClaim"?: PersistentVolumeClaimVolumeSource;
  readonly "photonPersistentDisk"?: PhotonPersistentDiskVolumeSource;
  readonly "portworxVolume"?: PortworxVolumeSource;
  readonly "projected"?: ProjectedVolumeSource;
  readonly "quobyte"?: QuobyteVolumeSource;
  readonly "rbd"?: RBDVolumeSource;
  readonly "scaleIO"?: ScaleIOVolumeSource;
  readonly "secret"?: SecretVolumeSource;
  readonly "storageos"?: StorageOSVolumeSource;
  readonly "vsphereVolume"?: VsphereVirtualDiskVolumeSource;
};

export type VolumeDevice = {
  readonly "devicePath": string;
  readonly "name": string;
};

export type VolumeMount = {
  readonly "mountPath": string;
  readonly "mountPropagation"?: string;
  readonly "name": string;
  readonly "readOnly"?: boolean;
  readonly "recursiveReadOnly"?: string;
  readonly "subPath"?: string;
  readonly "subPathExpr"?: string;
};

export type VolumeMountStatus = {
  readonly "mountPath": string;
  readonly "name": string;
  readonly "readOnly"?: boolean;
  readonly "recursiveReadOnly"?: string;
  readonly "volumeStatus"?: VolumeStatus;
};

export type VolumeProjection = {
  readonly "clusterTrustBundle"?: ClusterTrustBundleProjection;
  readonly "configMap"?: ConfigMapProjection;
  readonly "downwardAPI"?: DownwardAPIProjection;
  readonly "podCertificate"?: PodCertificateProjection;
  readonly "secret"?: SecretProjection;
  readonly "serviceAccountToken"?: ServiceAccountTokenProjection;
};

export type VolumeResourceRequirements = {
  readonly "limits"?: Readonly<Record<string, Quantity>>;
  readonly "requests"?: Readonly<Record<string, Quantity>>;
};

export type VolumeStatus = {
  readonly "image"?: ImageVolumeStatus;
};

export type VsphereVirtualDiskVolumeSource = {
  readonly "fsType"?: string;
  readonly "storagePolicyID"?: string;
  readonly "storagePolicyName"?: string;
  readonly "volumePath": string;
};

export type WeightedPodAffinityTerm = {
  readonly "podAffinityTerm": PodAffinityTerm;
  readonly "weight": number;
};

export type WindowsSecurityContextOptions = {
  readonly "gmsaCredentialSpec"?: string;
  readonly "gmsaCredentialSpecName"?: string;
  readonly "hostProcess"?: boolean;
  readonly "runAsUserName"?: string;
};

export type Endpoint = {
  readonly "addresses": readonly (string)[];
  readonly "conditions"?: EndpointConditions;
  readonly "deprecatedTopology"?: Readonly<Record<string, string>>;
  readonly "hints"?: EndpointHints;
  readonly "hostname"?: string;
  readonly "nodeName"?: string;
  readonly "targetRef"?: ObjectReference;
  readonly "zone"?: string;
};

export type EndpointConditions = {
  readonly "ready"?: boolean;
  readonly "serving"?: boolean;
  readonly "terminating"?: boolean;
};

export type EndpointHints = {
  readonly "forNodes"?: readonly (ForNode)[];
  readonly "forZones"?: readonly (ForZone)[];
};

export type DiscoveryEndpointPort = {
  readonly "appProtocol"?: string;
  readonly "name"?: string;
  readonly "port"?: number;
  readonly "protocol"?: string;
};

export type EndpointSlice = {
  readonly "addressType": string;
  readonly "apiVersion": "discovery.k8s.io/v1";
  readonly "endpoints"?: readonly (Endpoint)[];
  readonly "kind": "EndpointSlice";
  readonly "metadata": ObjectMeta;
  readonly "ports"?: readonly (DiscoveryEndpointPort)[];
};

export type EndpointSliceList = {
  readonly "apiVersion": "discovery.k8s.io/v1";
  readonly "items": readonly (EndpointSlice)[];
  readonly "kind": "EndpointSliceList";
  readonly "metadata": ListMeta;
};

export type ForNode = {
  readonly "name": string;
};

export type ForZone = {
  readonly "name": string;
};

export type EventsEvent = {
  readonly "action"?: string;
  readonly "apiVersion": "events.k8s.io/v1";
  readonly "deprecatedCount"?: number;
  readonly "deprecatedFirstTimestamp"?: Time;
  readonly "deprecatedLastTimestamp"?: Time;
  readonly "deprecatedSource"?: EventSource;
  readonly "eventTime": MicroTime;
  readonly "kind": "Event";
  readonly "metadata": ObjectMeta;
  readonly "note"?: string;
  readonly "reason"?: string;
  readonly "regarding"?: ObjectReference;
  readonly "related"?: ObjectReference;
  readonly "reportingController"?: string;
  readonly "reportingInstance"?: string;
  readonly "series"?: EventsEventSeries;
  readonly "type"?: string;
};

export type EventsEventList = {
  readonly "apiVersion": "events.k8s.io/v1";
  readonly "items": readonly (EventsEvent)[];
  readonly "kind": "EventList";
  readonly "metadata": ListMeta;
};

export type EventsEventSeries = {
  readonly "count": number;
  readonly "lastObservedTime": MicroTime;
};

export type PriorityClass = {
  readonly "apiVersion": "scheduling.k8s.io/v1";
  readonly "description"?: string;
  readonly "globalDefault"?: boolean;
  readonly "kind": "PriorityClass";
  readonly "metadata": ObjectMeta;
  readonly "preemptionPolicy"?: string;
  readonly "value"?: number;
};

export type PriorityClassList = {
  readonly "apiVersion": "scheduling.k8s.io/v1";
  readonly "items": readonly (PriorityClass)[];
  readonly "kind": "PriorityClassList";
  readonly "metadata": ListMeta;
};

export type Quantity = string;

export type APIGroup = {
  readonly "apiVersion": "v1";
  readonly "kind": "APIGroup";
  readonly "name": string;
  readonly "preferredVersion"?: GroupVersionForDiscovery;
  readonly "serverAddressByClientCIDRs"?: readonly (ServerAddressByClientCIDR)[];
  readonly "versions": readonly (GroupVersionForDiscovery)[];
};

export type APIGroupList = {
  readonly "apiVersion": "v1";
  readonly "groups": readonly (APIGroup)[];
  readonly "kind": "APIGroupList";
};

export type APIResource = {
  readonly "categories"?: readonly (string)[];
  readonly "group"?: string;
  readonly "kind": string;
  readonly "name": string;
  readonly "namespaced": boolean;
  readonly "shortNames"?: readonly (string)[];
  readonly "singularName": string;
  readonly "storageVersionHash"?: string;
  readonly "verbs": readonly (string)[];
  readonly "version"?: string;
};

export type APIResourceList = {
  readonly "apiVersion": "v1";
  readonly "groupVersion": string;
  readonly "kind": "APIResourceList";
  readonly "resources": readonly (APIResource)[];
};

export type APIVersions = {
  readonly "apiVersion": "v1";
  readonly "kind": "APIVersions";
  readonly "serverAddressByClientCIDRs": readonly (ServerAddressByClientCIDR)[];
  readonly "versions": readonly (string)[];
};

export type Condition = {
  readonly "lastTransitionTime": Time;
  readonly "message": string;
  readonly "observedGeneration"?: number;
  readonly "reason": string;
  readonly "status": string;
  readonly "type": string;
};

export type DeleteOptions = {
  readonly "apiVersion": "v1";
  readonly "dryRun"?: readonly (string)[];
  readonly "gracePeriodSeconds"?: number;
  readonly "ignoreStoreReadErrorWithClusterBreakingPotential"?: boolean;
  readonly "kind": "DeleteOptions";
  readonly "orphanDependents"?: boolean;
  readonly "preconditions"?: Preconditions;
  readonly "propagationPolicy"?: string;
};

export type FieldsV1 = Record<string, unknown>;

export type GroupVersionForDiscovery = {
  readonly "groupVersion": string;
  readonly "version": string;
};

export type LabelSelector = {
  readonly "matchExpressions"?: readonly (LabelSelectorRequirement)[];
  readonly "matchLabels"?: Readonly<Record<string, string>>;
};

export type LabelSelectorRequirement = {
  readonly "key": string;
  readonly "operator": string;
  readonly "values"?: readonly (string)[];
};

export type ListMeta = {
  readonly "continue"?: string;
  readonly "remainingItemCount"?: number;
  readonly "resourceVersion"?: string;
  readonly "selfLink"?: string;
  readonly "shardInfo"?: ShardInfo;
};

export type MicroTime = string;

export type Preconditions = {
  readonly "resourceVersion"?: string;
  readonly "uid"?: string;
};

export type ServerAddressByClientCIDR = {
  readonly "clientCIDR": string;
  readonly "serverAddress": string;
};

export type ShardInfo = {
  readonly "selector": string;
};

export type StatusCause = {
  readonly "field"?: string;
  readonly "message"?: string;
  readonly "reason"?: string;
};

export type StatusDetails = {
  readonly "causes"?: readonly (StatusCause)[];
  readonly "group"?: string;
  readonly "kind"?: string;
  readonly "name"?: string;
  readonly "retryAfterSeconds"?: number;
  readonly "uid"?: string;
};

export type Time = string;

export type WatchEvent = {
  readonly "object": RawExtension;
  readonly "type": string;
};

export type RawExtension = Record<string, unknown>;

export type IntOrString = number | string;
