// Reads history and stream of a server with Alpaca's Go SDK, and prints one JSON object for each bar.
//
//	history URL SYMBOLS START END PAGE_LIMIT TIMEFRAME_MINUTES
//	latest  URL SYMBOLS
//	stream  URL SYMBOLS BARS        until so many bars have come of all that is asked for
//	crypto  URL SYMBOLS BARS
//	refused URL                     the error that a stream ends with
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata"
	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata/stream"
)

type line struct {
	Kind       string    `json:"kind"`
	Symbol     string    `json:"symbol"`
	Time       time.Time `json:"timestamp"`
	Open       float64   `json:"open"`
	High       float64   `json:"high"`
	Low        float64   `json:"low"`
	Close      float64   `json:"close"`
	Volume     float64   `json:"volume"`
	TradeCount uint64    `json:"trade_count"`
	VWAP       float64   `json:"vwap"`
}

var (
	out  sync.Mutex
	told int
)

func tell(l line) int {
	out.Lock()
	defer out.Unlock()
	text, err := json.Marshal(l)
	check(err)
	fmt.Println(string(text))
	told++
	return told
}

func toldSoFar() int {
	out.Lock()
	defer out.Unlock()
	return told
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func client(url string) *marketdata.Client {
	return marketdata.NewClient(marketdata.ClientOpts{APIKey: "key", APISecret: "secret", BaseURL: url, Feed: marketdata.IEX})
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func moment(text string) time.Time {
	value, err := time.Parse(time.RFC3339, text)
	check(err)
	return value
}

func stockLine(kind, symbol string, b marketdata.Bar) line {
	return line{kind, symbol, b.Timestamp, b.Open, b.High, b.Low, b.Close, float64(b.Volume), b.TradeCount, b.VWAP}
}

func history(words []string) {
	bars, err := client(words[0]).GetMultiBars(strings.Split(words[1], ","), marketdata.GetBarsRequest{
		Start: moment(words[2]), End: moment(words[3]), PageLimit: number(words[4]),
		TimeFrame: marketdata.NewTimeFrame(number(words[5]), marketdata.Min),
	})
	check(err)
	symbols := make([]string, 0, len(bars))
	for symbol := range bars {
		symbols = append(symbols, symbol)
	}
	sort.Strings(symbols)
	for _, symbol := range symbols {
		for _, b := range bars[symbol] {
			tell(stockLine("history", symbol, b))
		}
	}
}

func latest(words []string) {
	bars, err := client(words[0]).GetLatestBars(strings.Split(words[1], ","), marketdata.GetLatestBarRequest{})
	check(err)
	for symbol, b := range bars {
		tell(stockLine("latest", symbol, b))
	}
}

func streamStocks(words []string) {
	handle := func(kind string) func(stream.Bar) {
		return func(b stream.Bar) {
			tell(line{kind, b.Symbol, b.Timestamp, b.Open, b.High, b.Low, b.Close, float64(b.Volume), b.TradeCount, b.VWAP})
		}
	}
	symbols := strings.Split(words[1], ",")
	c := stream.NewStocksClient(marketdata.IEX, stream.WithBaseURL(words[0]+"/v2"), stream.WithCredentials("key", "secret"),
		stream.WithBars(handle("bar"), symbols...), stream.WithLogger(stream.ErrorOnlyLogger()))
	check(c.Connect(context.Background()))
	check(c.SubscribeToUpdatedBars(handle("updated"), symbols...))
	check(c.SubscribeToStatuses(func(stream.TradingStatus) {}, symbols...))
	check(c.SubscribeToDailyBars(handle("daily"), symbols[0]))
	check(c.UnsubscribeFromDailyBars(symbols[0]))
	for enough := toldSoFar() + number(words[2]); toldSoFar() < enough; {
		time.Sleep(10 * time.Millisecond)
	}
}

func streamCrypto(words []string) {
	most, done := number(words[2]), make(chan bool, 1000)
	c := stream.NewCryptoClient(marketdata.US, stream.WithBaseURL(words[0]+"/v1beta3/crypto"), stream.WithCredentials("key", "secret"),
		stream.WithLogger(stream.ErrorOnlyLogger()), stream.WithCryptoBars(func(b stream.CryptoBar) {
			count := tell(line{"bar", b.Symbol, b.Timestamp, b.Open, b.High, b.Low, b.Close, b.Volume, b.TradeCount, b.VWAP})
			if count == most {
				done <- true
			}
		}, strings.Split(words[1], ",")...))
	check(c.Connect(context.Background()))
	<-done
}

func refused(words []string) {
	c := stream.NewStocksClient(marketdata.IEX, stream.WithBaseURL(words[0]+"/v2"), stream.WithCredentials("key", "secret"),
		stream.WithLogger(stream.ErrorOnlyLogger()), stream.WithReconnectSettings(1, 0),
		stream.WithBars(func(stream.Bar) {}, "AAPL"))
	fmt.Println(c.Connect(context.Background()))
}

func main() {
	if len(os.Args) < 3 {
		fmt.Println("what, and where?")
		os.Exit(2)
	}
	words := os.Args[2:]
	switch os.Args[1] {
	case "history":
		history(words)
	case "latest":
		latest(words)
	case "stream":
		streamStocks(words)
	case "crypto":
		streamCrypto(words)
	case "refused":
		refused(words)
	}
}
