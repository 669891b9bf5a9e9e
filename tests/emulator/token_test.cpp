#include "emulator/token.h"

#include "emulator/store_fixture.h"

#include <stdexcept>

namespace pipeline::emulator {
namespace {

class TokenTest : public StoreTest {};

TEST_F(TokenTest, TheDocumentedVector) {
  EXPECT_EQ(sign("aaaabbbbcccc", "1643961623299", "$2a$10$abcdefghijklmnopqrstuv"),
            "JDJhJDEwJGFiY2RlZmdoaWprbG1ub3BxcnN0dXVCVldZSk42T0VPdEx1OFY0cDQxa2IuTnpVaUEzbmsy");
}

TEST_F(TokenTest, ASecretThatIsNoBcryptSaltIsRefusedAtOnce) {
  Options options = small();
  options.client_secret = "abcdefghijklmnopqrstuv";  // a shell ate the $2a$10
  EXPECT_THROW(open(options), std::invalid_argument);
}

TEST_F(TokenTest, FormsAreDecoded) {
  const Form fields = parse_form("a=1&b=x%2By%3D+z&&c&a=2");
  EXPECT_EQ(fields.at("a"), "2");
  EXPECT_EQ(fields.at("b"), "x+y= z");
  EXPECT_EQ(fields.at("c"), "");
}

TEST_F(TokenTest, AGoodFormGetsAToken) {
  open();
  const Reply reply = ask_token(form(now_ms()));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const json body = json::parse(reply.body);
  EXPECT_EQ(body.at("expires_in"), 10'800);
  EXPECT_EQ(body.at("token_type"), "Bearer");
  EXPECT_EQ(emulator_->stats().tokens_issued, 1U);
}

TEST_F(TokenTest, AWrongSignatureIsRefused) {
  open();
  const std::string then = now_ms();
  clock_.advance(1ms);
  std::string body = form(now_ms());
  body.replace(body.find(now_ms()), then.size(), then);  // signed for another moment
  const Reply reply = ask_token(body);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(invalid_input(reply), "client_secret_sign");
  EXPECT_EQ(ask_token(body).status, 400) << "also when it is known from before";
}

TEST_F(TokenTest, ATimestampLivesFiveMinutes) {
  open();
  const std::string body = form(now_ms());
  clock_.advance(5min);
  EXPECT_EQ(ask_token(body).status, 200);
  clock_.advance(1ms);
  const Reply reply = ask_token(body);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(invalid_input(reply), "timestamp");
}

TEST_F(TokenTest, AClockAheadOfTheServerIsRefusedAndTheDateTellsTheSkew) {
  open();
  emulator_->set_clock_skew(-7s);
  const Reply reply = ask_token(form(now_ms()));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(invalid_input(reply), "timestamp");
  EXPECT_EQ(reply.header("date"), "Tue, 31 Mar 2026 23:33:14 GMT");  // the fake clock starts at :20, one second passed
  emulator_->set_clock_skew(7s);
  EXPECT_EQ(ask_token(form(now_ms())).status, 200);
}

TEST_F(TokenTest, MissingAndWrongFieldsAreNamed) {
  open();
  EXPECT_EQ(invalid_input(ask_token("")), "client_id");
  EXPECT_EQ(invalid_input(ask_token(form(now_ms(), ""))), "type");
  EXPECT_EQ(invalid_input(ask_token(form(now_ms(), "&type=OTHER"))), "type");
  EXPECT_EQ(invalid_input(ask_token(form(now_ms(), "&type=SELLER"))), "account_id");
  EXPECT_EQ(invalid_input(ask_token("client_id=x" + form(now_ms()).substr(22))), "client_id");
}

TEST_F(TokenTest, EachResourceHasATokenOfItsOwn) {
  open();
  const auto token_of = [&](const std::string& rest) {
    return json::parse(ask_token(form(now_ms(), rest)).body).at("access_token").get<std::string>();
  };
  const std::string own = token_of("&type=SELF");
  const std::string seller = token_of("&type=SELLER&account_id=a1");
  EXPECT_NE(own, seller);
  EXPECT_NE(seller, token_of("&type=SELLER&account_id=a2"));
  EXPECT_EQ(own, token_of("&type=SELF"));
  EXPECT_EQ(emulator_->stats().tokens_issued, 3U);
}

TEST_F(TokenTest, TheSameTokenUntilThirtyMinutesAreLeftThenANewOneBesideIt) {
  open();
  const std::string first = sign_in();
  clock_.advance(10'800s - 30min);
  EXPECT_EQ(sign_in(), first);
  EXPECT_EQ(json::parse(ask_token(form(now_ms())).body).at("expires_in"), 1'800);
  clock_.advance(1ms);
  const std::string second = sign_in();
  EXPECT_NE(second, first);
  token_ = first;
  EXPECT_EQ(search().status, 200) << "the old one is valid to its end";
  clock_.advance(30min - 1ms);
  const Reply expired = search();
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(code(expired), "GW.AUTHN");
  token_ = second;
  EXPECT_EQ(search().status, 200);
}

TEST_F(TokenTest, StrayingFromTheFormCutsTheApplicationToOneCallAnHour) {
  const auto strays = std::to_array<std::function<Reply()>>({
      [&] { return ask_token("", "/v1/oauth2/token?" + form(now_ms())); },
      [&] { return ask_token(form(now_ms()), "/v1/oauth2/token", "application/json"); },
      [&] { return ask_token(form(now_ms()), "/v1/oauth2/token", ""); },
      [&] { return ask_token(form(now_ms(), "&type=SELF&account_id=a1")); },
  });
  for (const auto& stray : strays) {
    open();
    sign_in();
    const Reply refused = stray();
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.header("GNCP-GW-Quota-Period"), "HOURS");
    const Reply cut = search();
    EXPECT_EQ(cut.status, 429);
    EXPECT_EQ(code(cut), "GW.QUOTA_LIMIT");
    EXPECT_EQ(cut.header("GNCP-GW-Quota-Limit"), "1");
    EXPECT_EQ(cut.header("GNCP-GW-Quota-Remaining"), "0");
    clock_.advance(1h);
    EXPECT_EQ(search().status, 200);
    EXPECT_EQ(search().status, 429);
    emulator_->set_quota(std::nullopt);
    EXPECT_EQ(search().status, 200);
  }
}

TEST_F(TokenTest, ACharsetBehindTheContentTypeIsNoStraying) {
  open();
  EXPECT_EQ(ask_token(form(now_ms()), "/v1/oauth2/token", "Application/X-WWW-Form-Urlencoded ; charset=utf-8").status,
            200);
}

TEST_F(TokenTest, RevokedTokensAreRefusedUntilANewOneIsAskedFor) {
  open();
  const std::string first = sign_in();
  emulator_->revoke_tokens();
  EXPECT_EQ(search().status, 401);
  EXPECT_NE(sign_in(), first);
  EXPECT_EQ(search().status, 200);
}

TEST_F(TokenTest, RefusingAllGoesOnAfterANewToken) {
  open();
  sign_in();
  emulator_->refuse_all_tokens(true);
  EXPECT_EQ(search().status, 401);
  sign_in();
  EXPECT_EQ(search().status, 401);
  emulator_->refuse_all_tokens(false);
  EXPECT_EQ(search().status, 200);
}

TEST_F(TokenTest, NoTokenOrAMalformedHeaderIsRefused) {
  open();
  const auto with = [&](const HeaderList& headers) {
    return emulator_->handle({.method = "POST", .path = "/v1/products/search", .headers = headers, .body = "{}"})
        .status;
  };
  const std::string token = sign_in();
  EXPECT_EQ(with({}), 401);
  EXPECT_EQ(with({{"Authorization", token}}), 401);
  EXPECT_EQ(with({{"Authorization", "Bearer other"}}), 401);
  EXPECT_EQ(with({{"AUTHORIZATION", "bearer " + token}}), 200);
}

}  // namespace
}  // namespace pipeline::emulator
