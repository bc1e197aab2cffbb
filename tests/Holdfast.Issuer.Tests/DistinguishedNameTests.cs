using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using static System.Formats.Asn1.UniversalTagNumber;

namespace Holdfast.Issuer.Tests;

/// <summary>The comparison of a registered subject with that of a certificate (RFC 4514, RFC 5280 §7.1).</summary>
public class DistinguishedNameTests
{
    private const string Cn = "2.5.4.3", O = "2.5.4.10", Ou = "2.5.4.11", C = "2.5.4.6", Dc = "0.9.2342.19200300.100.1.25", Email = "1.2.840.113549.1.9.1";
    private static readonly TestAuthority Root = TestAuthority.Root();

    private sealed record Row(string Registered, X500DistinguishedName InCertificate, bool Same, string Why);

    private static X500DistinguishedName One(string oid, UniversalTagNumber kind, string value) => TestAuthority.Name([(oid, kind, value)]);

    private static X500DistinguishedName Orders(UniversalTagNumber kind = UTF8String) =>
        TestAuthority.Name([(C, PrintableString, "DE")], [(O, kind, "Acme")], [(Cn, kind, "orders")]);

    private static readonly Row[] Rows =
    [
        new("CN=orders,O=Acme,C=DE", Orders(), true, "the same"),
        new("cn=orders,o=Acme,c=DE", Orders(), true, "names of types without case"),
        new("2.5.4.3=orders,OID.2.5.4.10=Acme,countryName=DE", Orders(), true, "types by number and long name"),
        new("CN = orders , O = Acme , C = DE", Orders(), true, "spaces around separators"),
        new("CN=ORDERS,O=aCME,C=de", Orders(), true, "case of values"),
        new("CN=orders,O=Acme,C=DE", Orders(PrintableString), true, "another string type"),
        new("CN=orders,O=Acme,C=DE", Orders(BMPString), true, "a wide string type"),
        new("CN=orders,O=Acme,C=DE", Orders(T61String), true, "an old string type, in ASCII"),
        new("CN=\\6F\\72ders,O=Acme,C=DE", Orders(), true, "escaped octets"),
        new("CN=#0C066F7264657273,O=Acme,C=DE", Orders(), true, "the encoded value"),
        new("CN=#13066F7264657273,O=Acme,C=DE", Orders(), true, "the encoded value in another string type"),
        new("CN=\\ orders \\ ,O=Acme,C=DE", Orders(), true, "spaces at the ends, escaped"),
        new("C=DE,O=Acme,CN=orders", Orders(), false, "the order turned round"),
        new("O=Acme,CN=orders,C=DE", Orders(), false, "another order"),
        new("CN=orders,O=Acme", Orders(), false, "a relative name less"),
        new("O=Acme,C=DE", Orders(), false, "the last relative name less"),
        new("CN=orders,OU=x,O=Acme,C=DE", Orders(), false, "a relative name more"),
        new("CN=orders,OU=Acme,C=DE", Orders(), false, "another type"),
        new("CN=orders2,O=Acme,C=DE", Orders(), false, "another value"),
        new("CN=orders+O=Acme,C=DE", Orders(), false, "two relative names as one"),
        new("CN=a  b", One(Cn, UTF8String, "a b"), true, "inner spaces, several and one"),
        new("CN=a b", One(Cn, UTF8String, "  a   b "), true, "spaces in the certificate"),
        new("CN=ab", One(Cn, UTF8String, "a b"), false, "a space and none"),
        new("CN=Acme\\, Inc.\\+\\\"x\\\"\\\\\\<\\>\\;", One(Cn, UTF8String, "Acme, Inc.+\"x\"\\<>;"), true, "every special character"),
        new("CN=\\#1", One(Cn, UTF8String, "#1"), true, "a number sign at the start"),
        new("CN=a=b#", One(Cn, UTF8String, "a=b#"), true, "characters that need no escape inside"),
        new("CN=orders,O=Acme", One(Cn, UTF8String, "orders,O=Acme"), false, "a comma in a value is no separator"),
        new("CN=orders\\,O=Acme", One(Cn, UTF8String, "orders,O=Acme"), true, "unless it is escaped"),
        new("CN=Gr\u00fc\u00dfe \u20ac \U0001F512", One(Cn, UTF8String, "Gr\u00fc\u00dfe \u20ac \U0001F512"), true, "characters beyond ASCII"),
        new("CN=Gr\\C3\\BC\\C3\\9Fe", One(Cn, UTF8String, "Gr\u00fc\u00dfe"), true, "their octets"),
        new("CN=GR\u00dc\u00dfE", One(Cn, UTF8String, "gr\u00fc\u00dfe"), true, "their case"),
        new("CN=u\u0308", One(Cn, UTF8String, "\u00fc"), false, "composed and decomposed"),
        new("CN=k", One(Cn, UTF8String, "\u212a"), false, "the Kelvin sign is no letter k"),
        new("CN=s", One(Cn, UTF8String, "\u017f"), false, "the long s is no letter s"),
        new("CN=i", One(Cn, UTF8String, "\u0131"), false, "the dotless i is no letter i"),
        new("CN=ss", One(Cn, UTF8String, "\u00df"), false, "the sharp s is one letter"),
        new("CN=a", One(Cn, UTF8String, "\u0430"), false, "a Cyrillic letter"),
        new("CN=orders", One(Cn, UTF8String, "ord\u200bers"), false, "a space of no width"),
        new("CN=orders", One(Cn, UTF8String, "ord\u00aders"), false, "a soft hyphen"),
        new("CN=a b", One(Cn, UTF8String, "a\u00a0b"), false, "another kind of space"),
        new("CN=orders", One(Cn, UTF8String, "orders\0"), false, "a NUL at the end"),
        new("CN=orders", One(Cn, UTF8String, "orders\0.attacker.example"), false, "a NUL inside"),
        new("CN=orders", One(Cn, BMPString, "orders\0"), false, "a NUL in a wide string"),
        new("CN=orders", One(Cn, UTF8String, "orders\n"), false, "a line feed"),
        new("CN=#0C076F726465727300", One(Cn, UTF8String, "orders\0"), true, "the very octets, written out"),
        new("CN=#0C074F524445525300", One(Cn, UTF8String, "orders\0"), false, "which have no case"),
        new("CN=\u00fc", One(Cn, T61String, "\u00fc"), false, "an old string type beyond ASCII, which everybody reads differently"),
        new("DC=example,DC=com", TestAuthority.Name([(Dc, IA5String, "com")], [(Dc, IA5String, "example")]), true, "domain components"),
        new("DC=com,DC=example", TestAuthority.Name([(Dc, IA5String, "com")], [(Dc, IA5String, "example")]), false, "domain components in the order of the encoding"),
        new("emailAddress=a@b.example", One(Email, IA5String, "A@B.example"), true, "an address as attribute"),
        new("CN=a+OU=b,O=c", TestAuthority.Name([(O, UTF8String, "c")], [(Cn, UTF8String, "a"), (Ou, UTF8String, "b")]), true, "a name of two attributes"),
        new("OU=b+CN=a,O=c", TestAuthority.Name([(O, UTF8String, "c")], [(Cn, UTF8String, "a"), (Ou, UTF8String, "b")]), true, "in the other order"),
        new("CN=a+OU=b", TestAuthority.Name([(Cn, UTF8String, "a"), (Ou, UTF8String, "b"), (O, UTF8String, "c")]), false, "one attribute less"),
        new("CN=a+O=b", One(O, UTF8String, "b;2.5.4.3=a"), false, "a value that reads like two attributes"),
        new("CN=a+O=b", One(O, UTF8String, "b;2.5.4.3=1:a"), false, "with a length, too"),
        new("CN=a,O=b", One(O, UTF8String, "1:b;)(2.5.4.3=1:a"), false, "or like two relative names"),
        new("CN=a+CN=b", TestAuthority.Name([(Cn, UTF8String, "a"), (Cn, UTF8String, "b")]), true, "two of one type"),
        new("CN=a+CN=a", TestAuthority.Name([(Cn, UTF8String, "a"), (Cn, UTF8String, "b")]), false, "two of one type that differ"),
        new("1.2.3.4=value", One("1.2.3.4", UTF8String, "VALUE"), true, "a type that nobody knows"),
        new("1.2.3.4=#0201ff", new(Convert.FromHexString("300d310b300906032a030403020780")), false, "a value that is no text, and another"),
        new("1.2.3.4=#03020780", new(Convert.FromHexString("300d310b300906032a030403020780")), true, "a value that is no text"),
    ];

    // MTLS-08, MTLS-44: of the compared names, each row is its own client.
    [Fact]
    public async Task Compares_names_and_not_text()
    {
        await using IssuerHost issuer = await StartAsync(Rows.Select(row => row.Registered));
        for (int i = 0; i < Rows.Length; i++)
            await ShouldBeAsync(issuer, i, Rows[i].InCertificate, Rows[i].Same, $"{Rows[i].Why}: {Rows[i].Registered}");
    }

    // MTLS-08
    [Theory]
    [InlineData("")]
    [InlineData("orders")]
    [InlineData("CN=")]
    [InlineData("CN= ")]
    [InlineData("=orders")]
    [InlineData("CN=orders,")]
    [InlineData(",CN=orders")]
    [InlineData("CN=orders;O=Acme")]
    [InlineData("CN=\"orders\"")]
    [InlineData("CN=<orders>")]
    [InlineData("CN=orders\\")]
    [InlineData("CN=orders\\z")]
    [InlineData("CN=orders\\0")]
    [InlineData("CN=orders\\00")]
    [InlineData("CN=a\nb")]
    [InlineData("CN=\\FF")]
    [InlineData("CN=#")]
    [InlineData("CN=#0C0")]
    [InlineData("CN=#xx")]
    [InlineData("XYZ=orders")]
    [InlineData("1=orders")]
    [InlineData("3.1=orders")]
    [InlineData("2.05.4.3=orders")]
    [InlineData("2.5.4.=orders")]
    public void Refuses_a_registration_that_is_no_distinguished_name(string text) =>
        MutualTlsOptionsTests.Problems(c => c.TlsClientAuthSubjectDn = text).ShouldHaveSingleItem().ShouldStartWith("Clients:1:TlsClientAuthSubjectDn: ");

    // MTLS-08: half a character, which no attribute of a test can hold.
    [Fact]
    public void Refuses_a_registration_with_half_a_character() =>
        MutualTlsOptionsTests.Problems(c => c.TlsClientAuthSubjectDn = "CN=a\ud800").ShouldHaveSingleItem().ShouldStartWith("Clients:1:TlsClientAuthSubjectDn: ");

    // MTLS-08: however a name is written and encoded it stays the same name, and whatever changes it makes another.
    [Fact]
    public void Same_names_are_equal_however_they_are_written_and_changed_ones_are_not()
    {
        Prop.ForAll(Arb.From(Case.ArrayOf(20)), cases => CheckAsync(cases).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5));

        static async Task CheckAsync(NameCase[] cases)
        {
            await using IssuerHost issuer = await StartAsync(cases.Select(one => one.Text));
            for (int i = 0; i < cases.Length; i++)
            {
                await ShouldBeAsync(issuer, i, TestAuthority.Name(cases[i].Same), true, cases[i].Text);
                await ShouldBeAsync(issuer, i, TestAuthority.Name(cases[i].Changed), false, $"{cases[i].Text}, changed");
            }
        }
    }

    /// <summary>A name as text, the same encoded, and another one encoded.</summary>
    private sealed record NameCase(string Text, (string, UniversalTagNumber, string)[][] Same, (string, UniversalTagNumber, string)[][] Changed);

    private static readonly Gen<char> Character = Gen.Elements("abcXYZ019 -.,+\"\\<>;#=\u00e4\u00c4\u0416\u0436".ToCharArray());

    private static readonly Gen<string> Value =
        from first in Gen.Elements("qQ7".ToCharArray())
        from rest in Character.ListOf()
        select first + string.Concat(rest.Take(12));

    private static readonly Gen<(string Oid, string[] Names, string Value)> Attribute =
        from type in Gen.Elements((Cn, new[] { "CN", "commonName", "2.5.4.3" }), (O, new[] { "O", "o" }), (Ou, new[] { "OU", "OID.2.5.4.11" }), ("1.2.3.4", new[] { "1.2.3.4" }))
        from value in Value
        select (type.Item1, type.Item2, value);

    private static readonly Gen<NameCase> Case =
        from count in Gen.Choose(1, 4)
        from sets in Attribute.ListOf().Where(list => list.Count is 1 or 2).ListOf(count)
        from seed in Gen.Choose(0, int.MaxValue)
        select Write([.. sets.Select(set => set.ToArray())], new Random(seed));

    private static NameCase Write((string Oid, string[] Names, string Value)[][] sets, Random random)
    {
        string text = string.Join(random.Next(2) == 0 ? "," : " , ", sets.Reverse().Select(set =>
            string.Join('+', Shuffle(set, random).Select(attribute => $"{attribute.Names[random.Next(attribute.Names.Length)]}={Escape(attribute.Value, random)}"))));
        (string, UniversalTagNumber, string)[][] same = [.. sets.Select(set =>
            Shuffle(set, random).Select(attribute => (attribute.Oid, random.Next(2) == 0 ? UTF8String : BMPString, Respell(attribute.Value, random))).ToArray())];
        int changed = random.Next(sets.Length);
        (string, UniversalTagNumber, string)[][] other = random.Next(4) switch
        {
            0 => [.. same, [(Cn, UTF8String, "x")]],
            1 => [[(O, UTF8String, "x")], .. same],
            2 => [.. same.Select((set, i) => i == changed ? [.. set, (Ou, UTF8String, "x")] : set)],
            _ => [.. same.Select((set, i) => i == changed ? [(set[0].Item1, UTF8String, set[0].Item3 + "x"), .. set[1..]] : set)],
        };
        return new(text, same, other);
    }

    // Case, and any number of spaces where there is one.
    private static string Respell(string value, Random random) => string.Concat(value.Trim().Select(c =>
        c == ' ' ? new string(' ', random.Next(1, 4)) : (random.Next(2) == 0 ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)).ToString()));

    private static string Escape(string value, Random random) => string.Concat(value.Select(c =>
        ",+\"\\<>;".Contains(c) || (random.Next(4) == 0 && "#= ".Contains(c)) ? "\\" + c
        : random.Next(6) == 0 ? string.Concat(System.Text.Encoding.UTF8.GetBytes([c]).Select(octet => $"\\{octet:x2}")) : c.ToString()));

    private static T[] Shuffle<T>(T[] items, Random random) => [.. items.OrderBy(_ => random.Next())];

    private static Task<IssuerHost> StartAsync(IEnumerable<string> registered) => IssuerHost.StartAsync(o =>
    {
        o.MutualTls.TrustedCertificateAuthorities.Add(Root.Pem);
        foreach ((string name, int i) in registered.Select((name, i) => (name, i)))
        {
            o.Clients.Add(new()
            {
                ClientId = $"c{i}", AuthenticationMethod = "tls_client_auth", TlsClientAuthSubjectDn = name, Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
            });
        }
    });

    private static async Task ShouldBeAsync(IssuerHost issuer, int client, X500DistinguishedName name, bool same, string why)
    {
        TokenAnswer answer = await issuer.AskWithAsync(Root.Issue(name), $"c{client}");
        answer.Error.ShouldBe(same ? null : "invalid_client", why);
        if (!same)
            issuer.Log.Failures[^1].ShouldBe("client_certificate_mismatch", why);
    }
}
