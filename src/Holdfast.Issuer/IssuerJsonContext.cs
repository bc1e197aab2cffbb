using System.Text.Json.Serialization;

namespace Holdfast.Issuer;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IssuerMetadata))]
[JsonSerializable(typeof(AuthorizationRequest))]
[JsonSerializable(typeof(PushedAuthorizationResponse))]
[JsonSerializable(typeof(AuthorizationTicket))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(TokenErrorResponse))]
[JsonSerializable(typeof(IntrospectionAnswer))]
internal sealed partial class IssuerJsonContext : JsonSerializerContext;
