#!/usr/bin/env python3
"""Gives the same files and variables to botocore and to `sfn-local aws`, and compares the credentials, the region and the endpoints that they find.

usage: credentials_boto.py PROGRAM [--only TEXT] [--quick] [--verbose]

--only TEXT takes the cases with this text in their names, and - none, so that endpoints alone are compared.

Prints the differences and the counts; exits with 1 when there is one that is not among those that docs/aws.md explains. Needs botocore. Servers on
loopback stand for STS, single sign-on, an instance and a container's agent; nothing is asked of AWS.
"""
import argparse
import hashlib
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

# botocore looks for the user's folder when it is imported.
HOME = os.environ["HOME"] = tempfile.mkdtemp(prefix="credentials-boto-")
import botocore.endpoint_provider
import botocore.loaders
import botocore.session

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--only", default="")
parser.add_argument("--quick", action="store_true", help="fewer regions and random files")
parser.add_argument("--verbose", action="store_true")
options = parser.parse_args()
PROGRAM = os.path.abspath(options.program)
LATER = "2099-01-01T00:00:00Z"


# ---- stand-in services

class Service(http.server.BaseHTTPRequestHandler):
    """STS, single sign-on, an instance and an agent. The keys that it gives tell how it was asked; the first part of a path chooses a mood."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body="", kind="application/json"):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def do_PUT(self):
        self.body()
        mood = self.path.split("/")[1]
        if mood.startswith("token-"):
            return self.reply(int(mood.removeprefix("token-")), "")
        if mood == "token-less":
            return self.reply(200, "")
        self.reply(200, "TOKEN")

    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(parts.query)
        if parts.path.startswith("/federation/credentials"):
            bearer = self.headers.get("x-amz-sso_bearer_token", "")
            if bearer == "REFUSED":
                return self.reply(401, '{"__type":"UnauthorizedException","message":"no"}')
            keys = dict(accessKeyId="SSO|%s|%s|%s" % (query["account_id"][0], query["role_name"][0], bearer), secretAccessKey="s", sessionToken="t",
                        expiration=4070908800000)
            return self.reply(200, json.dumps({"roleCredentials": keys}))
        mood, _, path = parts.path.removeprefix("/").partition("/")
        if "security-credentials" in parts.path:
            name = parts.path.rpartition("/")[2]
            if mood == "norole":
                return self.reply(404)
            if mood == "emptyrole":
                return self.reply(200, "")
            if not name:
                return self.reply(200, "web", "text/plain")
            token = self.headers.get("x-aws-ec2-metadata-token", "v1")
            keys = {"Code": "Success", "AccessKeyId": "IMDS-" + token, "SecretAccessKey": "s", "Token": "t", "Expiration": LATER}
            if mood == "failed":
                keys = {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role"}
            if mood == "old":
                keys["Expiration"] = "2020-01-01T00:00:00Z"
            if mood == "part":
                del keys["SecretAccessKey"]
            return self.reply(200, "<html>" if mood == "garbage" else json.dumps(keys))
        keys = {"AccessKeyId": "ECS-" + (self.headers.get("Authorization") or "open"), "SecretAccessKey": "s", "Token": "t", "Expiration": LATER}
        if mood == "agent-403":
            return self.reply(403, '{"code":"AccessDenied","message":"no"}')
        if mood == "agent-garbage":
            return self.reply(200, "<html>")
        if mood == "agent-old":
            keys["Expiration"] = "2020-01-01T00:00:00Z"
        if mood == "agent-part":
            del keys["Token"]
        self.reply(200, json.dumps(keys))

    def do_POST(self):
        form = {key: values[0] for key, values in urllib.parse.parse_qs(self.body()).items()}
        if form.get("RoleArn", "").endswith("/refused"):
            return self.reply(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>", "text/xml")
        authorization = self.headers.get("Authorization") or ""
        signer = authorization.partition("Credential=")[2].partition("/")[0]
        region = (authorization.partition("Credential=")[2].split("/") + [""] * 3)[2]
        names = ["Action", "RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds", "WebIdentityToken"]
        key = "STS|" + "|".join(form.get(name, "") for name in names) + "|" + signer + "|" + region
        action = form.get("Action", "")
        keys = "<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials>" % (
            key.replace("&", "&amp;").replace("<", "&lt;"), LATER)
        self.reply(200, '<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult>%s</%sResult></%sResponse>' % (action, action, keys, action, action), "text/xml")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
URL = "http://127.0.0.1:%d" % server.server_address[1]

# ---- cases

class Case:
    def __init__(self, name, config="", credentials="", env=None, profile=None, files=None, differs=None):
        self.name, self.config, self.credentials = name, config, credentials
        self.env, self.profile, self.files = env or {}, profile, files or {}
        # Why it may differ, as docs/aws.md has it.
        self.differs = differs
        # Whether it is about regions and endpoints, too: making clients takes botocore most of the time.
        self.asks_places = any(word in config + credentials for word in ("region", "endpoint")) or any(
            word in key for key in self.env for word in ("ENDPOINT_URL", "REGION", "AWS_USE", "PROFILE"))


def process(program):
    return "credential_process = %s\n" % program


KEYS = "aws_access_key_id = FILEKEY\naws_secret_access_key = s\n"
ENV = {"AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": "et"}
GOOD = '{"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s","SessionToken":"t"%s}'
P = {"AWS_PROFILE": "p"}


def role(extra="source_profile = q\n", arn="arn:aws:iam::1:role/one"):
    return "[profile p]\nrole_arn = %s\nrole_session_name = me\n%s\n[profile q]\n%s" % (arn, extra, KEYS)


SSO = """[profile p]
sso_session = corp
sso_account_id = 123
sso_role_name = admin
%s
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://start.example/start
"""
OLD_SSO = """[profile p]
sso_start_url = https://%s.example/start
sso_region = us-east-1
sso_account_id = 456
sso_role_name = reader
%s"""


def cases():
    yield Case("nothing", env={"AWS_EC2_METADATA_DISABLED": "true"})
    yield Case("an instance")
    # The environment
    yield Case("keys of the environment", env=ENV)
    yield Case("keys without a token", env={k: v for k, v in ENV.items() if "SESSION" not in k})
    yield Case("half of the keys", env={"AWS_ACCESS_KEY_ID": "x"})
    yield Case("the other half", env={"AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true"})
    yield Case("empty keys", env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    yield Case("keys that last", env=dict(ENV, AWS_CREDENTIAL_EXPIRATION=LATER))
    yield Case("keys that are over", env=dict(ENV, AWS_CREDENTIAL_EXPIRATION="2020-01-01T00:00:00Z"))
    yield Case("keys with an end that is none", env=dict(ENV, AWS_CREDENTIAL_EXPIRATION="soon"))
    yield Case("an offset in the end", env=dict(ENV, AWS_CREDENTIAL_EXPIRATION="2099-01-01T00:00:00+02:00"))
    yield Case("an old name of the token", env={"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SECURITY_TOKEN": "c"})
    # Which profile
    two = "[default]\n%s\n[profile p]\naws_access_key_id = PKEY\naws_secret_access_key = s\nregion = eu-north-1\n" % KEYS
    yield Case("the default profile", config=two)
    yield Case("a profile by variable", config=two, env=P)
    yield Case("a profile by flag", config=two, profile="p")
    yield Case("a profile by flag beside a variable", config=two, profile="p", env={"AWS_PROFILE": "default"})
    yield Case("a profile by the older variable", config=two, env={"AWS_DEFAULT_PROFILE": "p"})
    yield Case("both variables", config=two, env={"AWS_DEFAULT_PROFILE": "p", "AWS_PROFILE": "default"}, differs="AWS_PROFILE beats AWS_DEFAULT_PROFILE")
    yield Case("an empty variable", config=two, env={"AWS_PROFILE": ""}, differs="an empty variable counts as absent")
    yield Case("a profile that is not there", config=two, env={"AWS_PROFILE": "gone"})
    yield Case("a profile that is not there, by flag", config=two, profile="gone")
    yield Case("a profile that is not there, beside keys", config=two, env=dict(ENV, AWS_PROFILE="gone"))
    yield Case("default that is not there", env={"AWS_PROFILE": "default"})
    yield Case("keys beside a profile by variable", config=two, env=dict(ENV, AWS_PROFILE="p"))
    yield Case("keys beside a profile by flag", config=two, env=ENV, profile="p")
    yield Case("no file for the credentials", config=two, env={"AWS_SHARED_CREDENTIALS_FILE": "HOME/none"})
    yield Case("a folder in place of a file", config=two, env={"AWS_SHARED_CREDENTIALS_FILE": "HOME"}, differs="a file that cannot be read is an error")
    # Syntax
    syntax = {
        "indented properties": "[default]\n  aws_access_key_id = A\n  aws_secret_access_key = s\n",
        "properties indented by a tab": "[default]\n\taws_access_key_id = A\n\taws_secret_access_key = s\n",
        "the second indented less": "[default]\n    aws_access_key_id = A\n  aws_secret_access_key = s\n",
        "an indented section": "  [default]\n  aws_access_key_id = A\n  aws_secret_access_key = s\n",
        "no blanks": "[default]\naws_access_key_id=A\naws_secret_access_key=s\n",
        "many blanks": "[default]\naws_access_key_id   =     A   \naws_secret_access_key\t=\ts\t\n",
        "colons": "[default]\naws_access_key_id: A\naws_secret_access_key:s\n",
        "equals in a secret": "[default]\naws_access_key_id = A\naws_secret_access_key = a=b==\n",
        "a colon in a value": "[default]\naws_access_key_id = A:B\naws_secret_access_key = s\n",
        "capitals": "[default]\nAWS_Access_Key_ID = A\nAWS_SECRET_ACCESS_KEY = s\n",
        "line ends of another system": "[default]\r\naws_access_key_id = A\r\naws_secret_access_key = s\r\n",
        "no line end at the end": "[default]\naws_access_key_id = A\naws_secret_access_key = s",
        "comments": "# one\n; two\n[default]\n# three\naws_access_key_id = A\n; four\naws_secret_access_key = s\n  # five\n",
        "a comment after the section": "[default] # mine\naws_access_key_id = A\naws_secret_access_key = s\n",
        "blank lines": "\n\n[default]\n\naws_access_key_id = A\n\n\naws_secret_access_key = s\n\n",
        "an empty value": "[default]\naws_access_key_id =\naws_secret_access_key = s\n",
        "a key without a value": "[default]\naws_access_key_id = A\naws_secret_access_key\n",
        "a line of text": "[default]\nhello\naws_access_key_id = A\naws_secret_access_key = s\n",
        "no section": "aws_access_key_id = A\naws_secret_access_key = s\n",
        "a section without an end": "[default\naws_access_key_id = A\naws_secret_access_key = s\n",
        "only one of two": "[default]\naws_access_key_id = A\n",
        "only the secret": "[default]\naws_secret_access_key = s\n",
        "a nested block before": "[default]\ns3 =\n  addressing_style = path\n  max_concurrent_requests = 3\naws_access_key_id = A\naws_secret_access_key = s\n",
        "a nested block after": "[default]\naws_access_key_id = A\naws_secret_access_key = s\ns3 =\n    addressing_style = path\n",
        "an indented nested block": "[default]\n  aws_access_key_id = A\n  s3 =\n    addressing_style = path\n  aws_secret_access_key = s\n",
        "percent signs": "[default]\naws_access_key_id = A\naws_secret_access_key = %(x)s%%\n",
        "quotes in values": "[default]\naws_access_key_id = \"A\"\naws_secret_access_key = s\n",
        "a token": "[default]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n",
        "an old token": "[default]\naws_access_key_id = A\naws_secret_access_key = s\naws_security_token = t\n",
        "letters of other scripts": "[default]\noutput = \u00e4\u00f6\u65e5\naws_access_key_id = A\naws_secret_access_key = s\n",
    }
    for name, text in syntax.items():
        empty = "an empty value counts as absent" if name == "an empty value" else None
        for where in ("config", "credentials"):
            yield Case("%s in %s" % (name, where), **{where: text}, differs=empty)
    lenient = "what AWS's other SDKs read is read: a section twice, a property twice, blanks in brackets, a mark of the byte order, a comment after a value"
    for name, text in {
        "a section twice": "[default]\naws_access_key_id = A\n[default]\naws_secret_access_key = s\n",
        "a property twice": "[default]\naws_access_key_id = B\naws_access_key_id = A\naws_secret_access_key = s\n",
        "blanks in the brackets": "[ default ]\naws_access_key_id = A\naws_secret_access_key = s\n",
        "a mark of the byte order": "\ufeff[default]\naws_access_key_id = A\naws_secret_access_key = s\n",
        "a comment after a value": "[default]\naws_access_key_id = A # mine\naws_secret_access_key = s\n",
    }.items():
        yield Case(name, config=text, differs=lenient)
    yield Case("text after a section's bracket", config="[default] x\n" + KEYS, differs="a line that is no line of such a file is an error")
    yield Case("a section for all", config="[DEFAULT]\n" + KEYS + "[profile p]\nregion = eu-west-3\n", env=P, differs="[DEFAULT] in capitals is no section for all")
    for name, text in {
        "a name in quotes": '[profile "p"]\n', "a name in single quotes": "[profile 'p']\n", "blanks before the name": "[profile    p]\n", "a tab before the name": "[profile\tp]\n",
    }.items():
        yield Case(name, config=text + KEYS, env=P)
    yield Case("a name with a blank", config='[profile "my own"]\n' + KEYS, env={"AWS_PROFILE": "my own"})
    yield Case("a name with a blank in the credentials", credentials="[my own]\n" + KEYS, env={"AWS_PROFILE": "my own"})
    yield Case("a name without quotes", config="[profile my own]\n" + KEYS, env={"AWS_PROFILE": "my own"}, differs=lenient)
    yield Case("a name without profile before it", config="[p]\n" + KEYS, env=P)
    yield Case("profile before a name of the credentials", credentials="[profile p]\n" + KEYS, env=P)
    yield Case("a section of another kind", config="[profile p]\nregion = eu-west-2\n[preview]\nx = y\n[plugins]\ncli = z\n" + KEYS, env=P)
    yield Case("profile default", config="[profile default]\n" + KEYS)
    yield Case("default twice", config="[profile default]\naws_access_key_id = ONE\naws_secret_access_key = s\n[default]\naws_access_key_id = TWO\naws_secret_access_key = s\n",
               differs="[profile default] beats [default]")
    yield Case("both files", config="[default]\naws_access_key_id = CONFIG\naws_secret_access_key = c\n", credentials="[default]\n" + KEYS)
    yield Case("half in each file", config="[default]\naws_secret_access_key = c\n", credentials="[default]\naws_access_key_id = A\n")
    yield Case("a path with a variable in it", config="[default]\n" + KEYS, env={"AWS_CONFIG_FILE": "$HOME/$CASE/config"})
    yield Case("a path with the user's own folder", config="[default]\n" + KEYS, env={"AWS_CONFIG_FILE": "~/$CASE/config"})
    yield Case("a path with variables in braces", config="[default]\n" + KEYS, env={"AWS_CONFIG_FILE": "${HOME}/${CASE}/config"})
    yield Case("a path with a variable that is not set", config="[default]\n" + KEYS, env={"AWS_CONFIG_FILE": "$NOTHING/config"})
    # Roles
    yield Case("a role", config=role(), env=P)
    yield Case("a role by flag", config=role(), profile="p", env=ENV)
    yield Case("a role beside keys", config=role(), env=dict(ENV, **P))
    yield Case("a role with all", config=role("source_profile = q\nexternal_id = e x&y\nduration_seconds = 1800\n"), env=P)
    yield Case("a duration that is none", config=role("source_profile = q\nduration_seconds = long\n"), env=P, differs="a number that is none is an error")
    yield Case("a duration that is too short", config=role("source_profile = q\nduration_seconds = 10\n"), env=P)
    yield Case("a role that is refused", config=role(arn="arn:aws:iam::1:role/refused"), env=P)
    yield Case("a role without a source", config=role(""), env=P)
    yield Case("a role with two sources", config=role("source_profile = q\ncredential_source = Environment\n"), env=dict(ENV, **P), profile="p")
    yield Case("a source that is not there", config=role("source_profile = gone\n"), env=P)
    yield Case("a source without keys", config="[profile p]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = q\n[profile q]\nregion = eu-west-1\n", env=P)
    yield Case("a source of the credentials file", config="[profile p]\nrole_arn = arn:aws:iam::1:role/r\nrole_session_name = me\nsource_profile = q\n", credentials="[q]\n" + KEYS, env=P)
    yield Case("a source with half of its keys", config="[profile p]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = q\n[profile q]\naws_access_key_id = A\n", env=P)
    yield Case("a source with a secret alone", config="[profile p]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = q\n[profile q]\naws_secret_access_key = A\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = s\n[profile s]\n" + KEYS, env=P)
    yield Case("a role in the credentials file", credentials="[p]\nrole_arn = arn:aws:iam::1:role/r\nrole_session_name = me\nsource_profile = q\n[q]\n" + KEYS, env=P)
    yield Case("itself with keys", config="[profile p]\nrole_arn = arn:aws:iam::1:role/r\nrole_session_name = me\nsource_profile = p\n" + KEYS, env=P)
    yield Case("itself without keys", config="[profile p]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = p\n", env=P)
    chain = "".join("[profile c%d]\nrole_arn = arn:aws:iam::1:role/c%d\nrole_session_name = me\nsource_profile = c%d\n" % (n, n, n + 1) for n in range(6))
    yield Case("a chain of roles", config=chain + "[profile c6]\n" + KEYS, env={"AWS_PROFILE": "c0"})
    yield Case("a chain in a circle", config=chain + "[profile c6]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = c2\n", env={"AWS_PROFILE": "c0"})
    yield Case("a chain to a program", config=chain + "[profile c6]\n" + process("echo '%s'" % (GOOD % "")), env={"AWS_PROFILE": "c0"})
    yield Case("a chain to single sign-on", config=chain + SSO.replace("profile p", "profile c6") % "", env={"AWS_PROFILE": "c0"})
    yield Case("a chain with keys on the way", config=chain.replace("[profile c3]\n", "[profile c3]\naws_access_key_id = MID\naws_secret_access_key = s\n"), env={"AWS_PROFILE": "c0"})
    for source in ("Environment", "EcsContainer", "Ec2InstanceMetadata"):
        yield Case("credential_source " + source, config=role("credential_source = %s\n" % source), env=dict(ENV, AWS_CONTAINER_CREDENTIALS_FULL_URI=URL + "/creds"), profile="p")
        yield Case("credential_source %s that has none" % source, config=role("credential_source = %s\n" % source), env=dict(P, AWS_EC2_METADATA_DISABLED="true"))
    yield Case("credential_source in other letters", config=role("credential_source = ec2instancemetadata\n"), env=P, differs="credential_source is read in any letters")
    yield Case("credential_source that is none", config=role("credential_source = Moon\n"), env=P)
    yield Case("a region of the profile signs", config=role().replace("role_session_name", "region = ap-south-1\nrole_session_name"), env=P)
    # Web identities
    web = {"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/pod", "AWS_ROLE_SESSION_NAME": "pod"}
    profile = "[profile p]\nrole_arn = arn:aws:iam::1:role/web\nweb_identity_token_file = HOME/token\nrole_session_name = pod\n"
    yield Case("a web identity", env=web)
    yield Case("a web identity without a role", env={"AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token"})
    yield Case("a web identity without its file", env=dict(web, AWS_WEB_IDENTITY_TOKEN_FILE="HOME/gone"))
    yield Case("a web identity beside keys", env=dict(web, **ENV))
    yield Case("a web identity of the profile", config=profile, env=P)
    yield Case("a web identity of the profile by flag, beside one of the environment", config=profile, env=web, profile="p")
    yield Case("a web identity of both", config=profile, env=dict(web, **P))
    yield Case("a role of a web identity", config=profile.replace("profile p", "profile q") + "[profile p]\nrole_arn = arn:aws:iam::1:role/two\nrole_session_name = me\nsource_profile = q\n", env=P)
    yield Case("a web identity before keys of the profile", config=profile + KEYS, env=P)
    yield Case("a role arn of the environment alone", env={"AWS_ROLE_ARN": "arn:aws:iam::1:role/pod"})
    # Single sign-on
    def token(name, text="TOKEN", until=LATER, **more):
        return {".aws/sso/cache/%s.json" % hashlib.sha1(name.encode()).hexdigest(): json.dumps(dict(accessToken=text, expiresAt=until, **more))}
    # Both are given all tokens at once, so each has a start or a session of its own.
    yield Case("single sign-on", config=SSO % "", env=P)
    yield Case("single sign-on by flag beside keys", config=SSO % "", env=ENV, profile="p")
    yield Case("single sign-on before keys of the profile", config=SSO % KEYS, env=P)
    yield Case("single sign-on of the older form", config=OLD_SSO % ("old", ""), env=P)
    yield Case("single sign-on that is over", config=OLD_SSO % ("over", ""), env=P)
    yield Case("nobody signed on", config=OLD_SSO % ("nobody", ""), env=P)
    yield Case("a token that is refused", config=OLD_SSO % ("refused", ""), env=P)
    yield Case("a token that is broken", config=OLD_SSO % ("broken", ""), env=P)
    yield Case("a token in UTC", config=OLD_SSO % ("utc", ""), env=P)
    yield Case("a session without a role", config=(SSO % "").replace("sso_role_name = admin", ""), env=P)
    yield Case("a session without an account", config=(SSO % "").replace("sso_account_id = 123", ""), env=P)
    yield Case("a session that is not there", config=(SSO % "").replace("sso_session = corp", "sso_session = gone"), env=P)
    yield Case("a session and another region", config=SSO % "sso_region = eu-west-1\n", env=P)
    yield Case("a session and the same region", config=SSO % "sso_region = us-east-1\n", env=P)
    yield Case("a session in quotes", config=(SSO % "").replace("[sso-session corp]", '[sso-session "corp"]'), env=P)
    yield Case("a start without a region", config=(OLD_SSO % ("old", "")).replace("sso_region = us-east-1\n", ""), env=P)
    yield Case("a session alone", config=(SSO % "").replace("sso_role_name = admin", "").replace("sso_account_id = 123", "") , env=dict(P, AWS_EC2_METADATA_DISABLED="true"))
    yield Case("a role of single sign-on", config=(SSO % "").replace("profile p", "profile q") + "[profile p]\nrole_arn = arn:aws:iam::1:role/two\nrole_session_name = me\nsource_profile = q\n", env=P)
    # Programs
    for name, program in {
        "a program": "echo '%s'" % (GOOD % ""),
        "a program with an end": "echo '%s'" % (GOOD % ',"Expiration":"%s"' % LATER),
        "a program whose keys are over": "echo '%s'" % (GOOD % ',"Expiration":"2020-01-01T00:00:00Z"'),
        "a program with an offset": "echo '%s'" % (GOOD % ',"Expiration":"2099-01-01T00:00:00+00:00"'),
        "a program of another version": "echo '%s'" % (GOOD % "").replace("1", "2", 1),
        "a program with a version that is a text": "echo '%s'" % (GOOD % "").replace("1", '"1"', 1),
        "a program without a version": "echo '{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"}'",
        "a program without a secret": "echo '{\"Version\":1,\"AccessKeyId\":\"A\"}'",
        "a program without a token": "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"}'",
        "a program that fails": "sh -c 'echo no session >&2; exit 3'",
        "a program that is not there": "/nowhere/program",
        "a program that prints nothing": "true",
        "a program that prints no JSON": "echo hello",
        "a program that prints too much": "sh -c 'echo warning; echo \"{}\"'",
        "a program that warns": "sh -c 'echo careful >&2; echo \"{\\\\\"Version\\\\\":1,\\\\\"AccessKeyId\\\\\":\\\\\"W\\\\\",\\\\\"SecretAccessKey\\\\\":\\\\\"s\\\\\"}\"'",
        "a program with quotes": "sh -c 'printf \"%s\" \"$0\"' '" + (GOOD % "") + "'",
        "a program with a semicolon": "sh -c 'true ; cat \"$0\"' HOME/keys.json",
        "a program with a hash": "sh -c 'cat \"$0\" #' HOME/keys.json",
        "a program with escapes": "cat HOME/my\\ keys.json",
        "a program with double quotes": 'cat "HOME/my keys.json"',
        "a program that is slow": "sh -c 'sleep 0.3; cat HOME/keys.json'",
        "a program that reads its input": "sh -c 'cat; cat HOME/keys.json' ",
        "a program that knows the environment": "sh -c 'echo \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"$MARK\\\",\\\"SecretAccessKey\\\":\\\"s\\\"}\"'",
        "a program without the end of a quote": "echo 'x",
    }.items():
        yield Case(name, config="[profile p]\n" + process(program), env=dict(P, MARK="marked"))
    yield Case("a program in the credentials file", credentials="[p]\n" + process("cat HOME/keys.json"), env=P)
    yield Case("a program beside keys of the credentials file", config="[profile p]\n" + process("cat HOME/keys.json"), credentials="[p]\n" + KEYS, env=P)
    yield Case("a program beside keys of the config file", config="[profile p]\n" + process("cat HOME/keys.json") + KEYS, env=P)
    # Containers
    full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    yield Case("a container", env={full: URL + "/creds"})
    yield Case("a container by name", env={full: URL.replace("127.0.0.1", "localhost") + "/creds"})
    yield Case("a container with a token", env={full: URL + "/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok"})
    yield Case("a container with a token's file", env={full: URL + "/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/token"})
    yield Case("a container without its token's file", env={full: URL + "/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/gone"})
    yield Case("a container with a broken token", env={full: URL + "/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\nb"})
    yield Case("a container with a broken token's file", env={full: URL + "/creds", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "HOME/lines"})
    for host in ("http://example.com/creds", "http://169.254.169.254/x", "http://169.254.170.3/x", "http://10.0.0.1/x", "http://localhost.example.com/x",
                 "http://127.0.0.1.example.com/x", "http://user@example.com/x", "ftp://127.0.0.1/x", "127.0.0.1/x", "http://[fd00:ec2::24]/x"):
        yield Case("a container at " + host, env={full: host})
    if not options.quick:
        for mood in ("403", "garbage", "part", "old"):
            yield Case("a container that is " + mood, env={full: URL + "/agent-%s/creds" % mood}, differs="an agent need not give a token" if mood == "part" else None)
    yield Case("a container after a profile", config=two, env={full: URL + "/creds"})
    yield Case("a container beside keys", env=dict(ENV, **{full: URL + "/creds"}))
    # Instances
    imds = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    for mood in ("norole", "emptyrole", "failed", "garbage", "part", "old", "token-400"):
        yield Case("an instance that is " + mood, env={imds: URL + "/" + mood + "/"})
    for mood in ("token-403", "token-404", "token-405", "token-500"):
        yield Case("an instance that is " + mood, env={imds: URL + "/" + mood + "/"}, differs="IMDSv1 is not asked")
        yield Case("an instance that is %s, with IMDSv1 off" % mood, env={imds: URL + "/" + mood + "/", "AWS_EC2_METADATA_V1_DISABLED": "true"})
    yield Case("an instance of the profile", config="[default]\nec2_metadata_service_endpoint = %s\n" % URL, env={imds: ""}, differs="an empty variable counts as absent")
    yield Case("an instance that nobody asks", env={"AWS_EC2_METADATA_DISABLED": "TRUE"})
    yield Case("an instance whose switch is no word", env={"AWS_EC2_METADATA_DISABLED": "yes"})
    yield Case("an address that is none", env={imds: "not a url"})
    # Regions
    yield Case("no region", config="[default]\n" + KEYS, env={"AWS_DEFAULT_REGION": ""})
    yield Case("the older variable's region", env=dict(ENV, AWS_DEFAULT_REGION="ap-southeast-2"))
    yield Case("a region of the profile", config="[default]\nregion = ap-south-1\n" + KEYS, env={"AWS_DEFAULT_REGION": None})
    yield Case("a region of the credentials file", config="[default]\nregion = ap-south-1\n", credentials="[default]\nregion = sa-east-1\n" + KEYS, env={"AWS_DEFAULT_REGION": None})
    yield Case("a region of the chosen profile", config=two, env=dict(P, AWS_DEFAULT_REGION=None))
    # Endpoints
    services = "[profile p]\nendpoint_url = http://127.0.0.1:1111/\nservices = svc\n%s[services svc]\ns3 =\n  endpoint_url = http://127.0.0.1:2222\nredshift_data =\n  endpoint_url = http://127.0.0.1:3333/x\n" % KEYS
    yield Case("endpoints of a profile", config=services, env=P)
    yield Case("endpoints in a section in quotes", config=services.replace("[services svc]", '[services "svc"]'), env=P)
    yield Case("an endpoint for all", config=services, env=dict(P, AWS_ENDPOINT_URL="http://127.0.0.1:4444"))
    yield Case("an endpoint for one", config=services, env=dict(P, AWS_ENDPOINT_URL="http://127.0.0.1:4444", AWS_ENDPOINT_URL_REDSHIFT_DATA="http://127.0.0.1:5555"))
    yield Case("endpoints that are ignored", config=services, env=dict(P, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true"))
    yield Case("endpoints that the profile ignores", config=services.replace("services = svc", "services = svc\nignore_configured_endpoint_urls = true"), env=P)
    yield Case("a section of services that is not there", config=services.replace("services = svc", "services = gone"), env=P, differs="a section that is named must be there")
    for value in ("true", "True", "false", "1", ""):
        differs = "true or false is expected" if value == "1" else None
        yield Case("FIPS %r" % value, env=dict(ENV, AWS_USE_FIPS_ENDPOINT=value), differs=differs)
        yield Case("dual stack %r" % value, env=dict(ENV, AWS_USE_DUALSTACK_ENDPOINT=value), differs=differs)


TOKENS = {
    "corp": ("CORP", LATER), "https://old.example/start": ("OLDFORM", LATER), "https://over.example/start": ("GONE", "2020-01-01T00:00:00Z"),
    "https://refused.example/start": ("REFUSED", LATER), "https://utc.example/start": ("UTC", "2099-01-01T00:00:00UTC"),
}


def prepare(number, case):
    folder = os.path.join(HOME, str(number))
    os.makedirs(folder)

    def filled(text):
        return text.replace("HOME", HOME)

    for name, text in (("config", case.config), ("credentials", case.credentials)):
        with open(os.path.join(folder, name), "w", newline="") as file:
            file.write(filled(text))
    env = {
        "AWS_CONFIG_FILE": folder + "/config", "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials", "AWS_EC2_METADATA_SERVICE_ENDPOINT": URL + "/",
        "AWS_DEFAULT_REGION": "eu-west-1", "HOME": HOME, "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL_STS": URL, "AWS_ENDPOINT_URL_SSO": URL,
    }
    for key, value in case.env.items():
        if value is None:
            env.pop(key, None)
        else:
            env[key] = re.sub(r"(?<![$\w{])HOME(?!\w)", HOME, value)
    env["CASE"] = str(number)
    return env


LOADER = botocore.loaders.Loader()
# By our names.
THEIR_SERVICES = {"redshiftdata": "redshift-data", "s3": "s3", "sts": "sts"}


def theirs(env, profile, asks_places):
    """What botocore finds. It looks into the environment of the process, so one case at a time."""
    os.environ.clear()
    os.environ.update(env)
    answer = {"keys": None, "region": None, "problem": None}

    def opened():
        session = botocore.session.Session(profile=profile)
        session.register_component("data_loader", LOADER)
        return session
    try:
        session = opened()
        keys = session.get_credentials()
        keys = keys.get_frozen_credentials() if keys else None
        if keys:
            answer["keys"] = [keys.access_key, bool(keys.token)]
    except Exception as problem:
        answer["problem"] = "%s: %s" % (type(problem).__name__, problem)
    for service, name in THEIR_SERVICES.items():
        answer[service] = None
        if not asks_places:
            continue
        try:
            client = opened().create_client(name, aws_access_key_id="a", aws_secret_access_key="b")
            answer[service] = client.meta.endpoint_url.rstrip("/")
            answer["region"] = client.meta.region_name
        except Exception as problem:
            answer["problem " + service] = "%s: %s" % (type(problem).__name__, problem)
    return answer


def run(env, profile, *more):
    words = [PROGRAM, "aws", "--json", *more]
    # A flag opens the way to AWS as botocore has it. The profile that is chosen anyway, or the region, changes nothing else.
    if profile:
        words += ["--profile", profile]
    elif env.get("AWS_DEFAULT_REGION"):
        words += ["--region", env["AWS_DEFAULT_REGION"]]
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1, 2):
        raise SystemExit("%s ended with %d: %s" % (words, done.returncode, done.stderr))
    return json.loads(done.stdout) if done.stdout else {}, done.stderr


def ours(env, profile):
    report, errors = run(env, profile)
    answer = {"keys": None, "region": report.get("region"), "problem": report.get("credentialsProblem") or errors or None}
    if "credentials" in report:
        answer["keys"] = [report["credentials"]["accessKeyId"], report["credentials"]["hasSessionToken"]]
    for service in THEIR_SERVICES:
        answer[service] = ((report.get("endpoints") or {}).get(service) or {}).get("url")
    return answer


def compare_cases():
    os.makedirs(HOME + "/.aws/sso/cache")
    for name, (text, until) in TOKENS.items():
        with open("%s/.aws/sso/cache/%s.json" % (HOME, hashlib.sha1(name.encode()).hexdigest()), "w") as file:
            json.dump({"accessToken": text, "expiresAt": until}, file)
    with open("%s/.aws/sso/cache/%s.json" % (HOME, hashlib.sha1(b"https://broken.example/start").hexdigest()), "w") as file:
        file.write("{")
    for name, text in (("token", "word"), ("lines", "a\nb"), ("keys.json", GOOD % ""), ("my keys.json", GOOD % "")):
        with open("%s/%s" % (HOME, name), "w") as file:
            file.write(text)
    all_cases = [case for case in cases() if options.only in case.name]
    environments = [prepare(number, case) for number, case in enumerate(all_cases)]
    # Ours are processes, and run beside botocore's.
    own_environment = dict(os.environ)
    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(ours, env, case.profile) for case, env in zip(all_cases, environments)]
        expected = [theirs(env, case.profile, case.asks_places) for case, env in zip(all_cases, environments)]
        found = [future.result() for future in futures]
    os.environ.clear()
    os.environ.update(own_environment)
    known = wrong = 0
    for case, mine, their in zip(all_cases, found, expected):
        parts = [] if mine["keys"] == their["keys"] else ["keys"]
        # Where one of both has no endpoint at all, its configuration is refused, which the keys tell.
        parts += [part for part in ("region", *THEIR_SERVICES) if their[part] and mine[part] and mine[part] != their[part]]
        if not parts:
            if case.differs and options.verbose:
                print("no difference any more: %s (%s)" % (case.name, case.differs))
            continue
        if case.differs:
            known += 1
            if not options.verbose:
                continue
        else:
            wrong += 1
        print("%s: %s" % ("explained" if case.differs else "DIFFERENCE", case.name))
        for part in parts:
            print("  %s: botocore %s, here %s" % (part, their[part], mine[part]))
        print("  botocore: %s\n  here: %s" % (their["problem"], (mine["problem"] or "").strip()))
    print("%d cases, %d differences that are explained, %d others" % (len(all_cases), known, wrong))
    return wrong


def compare_regions():
    """The endpoints of all services that can be called, in all regions and kinds, by the rules of the services' models."""
    helped = subprocess.run([PROGRAM, "aws", "no-such-service"], capture_output=True, text=True)
    names = helped.stderr.rpartition("called: ")[2].strip().split(", ")
    partitions = LOADER.load_data("partitions")
    regions = sorted({name for partition in partitions["partitions"] for name in partition["regions"] if not name.endswith("-global")})
    if options.quick:
        regions = [name for name in regions if name in ("us-east-1", "eu-central-2", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1",
                                                        "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1")]
    model_of = {}
    for service in LOADER.list_available_services("service-2"):
        model_of[LOADER.load_service_model(service, "service-2")["metadata"].get("serviceId", "").lower().replace(" ", "")] = service
    providers = {}

    def rules(service):
        if service not in providers:
            providers[service] = botocore.endpoint_provider.EndpointProvider(
                ruleset_data=LOADER.load_service_model(service, "endpoint-rule-set-1"), partition_data=partitions)
        return providers[service]

    jobs = [(region, fips, dual) for region in regions for fips in (False, True) for dual in (False, True)]

    def ask(job):
        region, fips, dual = job
        env = {"HOME": HOME, "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true", "AWS_USE_FIPS_ENDPOINT": str(fips).lower(),
               "AWS_USE_DUALSTACK_ENDPOINT": str(dual).lower(), "AWS_CONFIG_FILE": "/dev/null/x", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null/x"}
        done = subprocess.run([PROGRAM, "aws", "--json", "--region", region, *names], env=env, capture_output=True, text=True)
        return json.loads(done.stdout)["endpoints"]

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(ask, jobs))
    compared = wrong = 0
    for (region, fips, dual), endpoints in zip(jobs, answers):
        for name, endpoint in endpoints.items():
            parameters = {"Region": region, "UseFIPS": fips, "UseDualStack": dual}
            if name == "sts":
                parameters["UseGlobalEndpoint"] = False
            try:
                their = rules(model_of[name]).resolve_endpoint(**parameters).url
            except Exception:
                continue
            compared += 1
            if endpoint.get("url") != their:
                wrong += 1
                if wrong <= 60 or options.verbose:
                    print("DIFFERENCE: %s in %s, FIPS %s, dual stack %s: botocore %s, here %s" % (name, region, fips, dual, their, endpoint.get("url") or endpoint))
    print("%d endpoints of %d services in %d regions, %d differences" % (compared, len(names) + 3, len(regions), wrong))
    return wrong


try:
    failures = 0 if options.only == "-" else compare_cases()
    if not options.only or options.only == "-":
        failures += compare_regions()
finally:
    shutil.rmtree(HOME, ignore_errors=True)
sys.exit(1 if failures else 0)
