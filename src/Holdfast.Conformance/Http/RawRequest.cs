using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Holdfast.Conformance;

/// <summary>One field line as it goes over the wire. A name may occur in many lines.</summary>
public sealed record FieldLine(string Name, string Value);

/// <summary>
/// A request written to the socket as it is: repeated lines, empty values and odd targets included. Only <c>Host</c>, <c>Connection: close</c>
/// and the length of a body are added.
/// </summary>
/// <param name="Origin">Scheme, host and port to connect to, such as <c>http://localhost:7101</c>.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The request target, not normalised (RFC 9112 §3.2).</param>
/// <param name="Fields">The field lines, in order.</param>
/// <param name="Body">The body; null for none.</param>
public sealed record RawRequest(string Origin, string Method, string Target, IReadOnlyList<FieldLine> Fields, string? Body = null)
{
    /// <summary>The client certificate of the connection, with its private key; null for none. Means something over https only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>A form to a URL.</summary>
    public static RawRequest Form(string url, string form)
    {
        var target = new Uri(url);
        return new(target.GetLeftPart(UriPartial.Authority), "POST", target.PathAndQuery, [new("Content-Type", "application/x-www-form-urlencoded")], form);
    }

    /// <summary>The token of the first <c>Authorization</c> line, or of the query; null where there is neither.</summary>
    internal string? Token
    {
        get
        {
            var line = Fields.FirstOrDefault(one => string.Equals(one.Name, "Authorization", StringComparison.OrdinalIgnoreCase));
            return line is not null ? line.Value[(line.Value.IndexOf(' ', StringComparison.Ordinal) + 1)..]
                : Target.Split("access_token=") is [_, var token] ? token
                : null;
        }
    }

    /// <summary>The same request with another token wherever that one stands.</summary>
    internal RawRequest WithToken(Func<string, string> change)
    {
        if (Token is not { Length: > 0 } token)
            return this;
        var other = change(token);
        return this with
        {
            Target = Target.Replace(token, other, StringComparison.Ordinal),
            Fields = [.. Fields.Select(field => field with { Value = field.Value.Replace(token, other, StringComparison.Ordinal) })],
        };
    }

    /// <summary>The same request without any line of that name.</summary>
    public RawRequest Without(string name) =>
        this with { Fields = [.. Fields.Where(field => !string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))] };

    /// <summary>The same request with one more line.</summary>
    public RawRequest With(string name, string value) => this with { Fields = [.. Fields, new FieldLine(name, value)] };

    /// <summary>The HTTP/1.1 message.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\n");
        text.Append("Host: ").Append(new Uri(Origin).Authority).Append("\r\n");
        foreach (var field in Fields)
            text.Append(field.Name).Append(": ").Append(field.Value).Append("\r\n");
        if (Body is not null)
            text.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(Body)).Append("\r\n");
        return text.Append("Connection: close\r\n\r\n").Append(Body).ToString();
    }
}
